/**
 * `appsettings.json` in the agent's root, in which KEPM keeps the port of its API (documentation, "Job and plugin settings keys"). Keys of others
 * are kept.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const AppSettings = z.looseObject({ Settings: z.looseObject({}).default({}) });

/** @throws Error if the file exists and is no JSON object */
export function writeAppSettings(root: string, httpsPort: number): void {
  const file = join(root, 'appsettings.json');
  const before = AppSettings.safeParse(parse(read(file)));
  if (!before.success) throw new Error(`${file} is no JSON object with a section "Settings"; remove it`);
  const { Settings, ...others } = before.data;
  const document = { ...others, Settings: { ...Settings, KestrelHttpsPort: httpsPort } };
  writeFileSync(`${file}.new`, `${JSON.stringify(document, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
