/**
 * Writes `schemas/`, the JSON Schemas of the reports: `node scripts/tables/report-schemas.ts`, after a change of
 * `src/scan/report/schema.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadTools } from '../../src/scan/task-build.ts';

/** The texts of the files, by their paths. */
export async function reportSchemas(): Promise<Readonly<Record<string, string>>> {
  const { publishedSchemas } = await loadTools();
  const texts: Record<string, string> = {};
  for (const [path, schema] of Object.entries(publishedSchemas())) {
    const options = await resolveConfig(path);
    texts[path] = await format(JSON.stringify(schema), { ...options, filepath: path });
  }
  return texts;
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await reportSchemas())) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}
