/**
 * `appsettings.json` in the agent's root: the configuration of a .NET program, whose keys are compared without regard to case, and whose
 * JSON may contain comments and trailing commas (.NET documentation, "Configuration providers").
 */
import { join } from 'node:path';
import * as z from 'zod';
import { valueOf } from '../platform/untrusted-json.ts';
import { smallFile } from './small-file.ts';

const MAX_BYTES = 256 * 1024;
const Port = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number),
  ])
  .pipe(z.int().min(1).max(65_535));

/** `Settings.KestrelHttpsPort` of the agent's configuration; undefined if it cannot be read. */
export function readHttpsPort(root: string): number | undefined {
  const text = smallFile(join(root, 'appsettings.json'), MAX_BYTES);
  if (text === undefined) return undefined;
  const port = valueOf(valueOf(parseSettings(text), 'Settings'), 'KestrelHttpsPort');
  return Port.safeParse(port).data;
}

/** Each of these expressions matches strings too, so that nothing in a string is removed. An open string or comment ends with the text. */
const COMMENTS = /("(?:[^"\\]|\\.)*(?:"|$))|\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*$)/g;
const TRAILING_COMMAS = /("(?:[^"\\]|\\.)*(?:"|$))|,(?=\s*[}\]])/g;

function parseSettings(text: string): unknown {
  const keepStrings = (_: string, string: string | undefined) => string ?? '';
  const json = text
    .replace(/^\uFEFF/, '')
    .replaceAll(COMMENTS, keepStrings)
    .replaceAll(TRAILING_COMMAS, keepStrings);
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
