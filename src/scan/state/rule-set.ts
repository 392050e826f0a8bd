/** What the file index holds for: another version, other rules or another store, and every file is read again. */
import { createHmac } from 'node:crypto';
import { allRules, layers } from '../rules/index.ts';

export interface RuleSet {
  readonly version: string;
  /** Of the fingerprints: with another one every finding would be another. */
  readonly key: Buffer;
  readonly storeId: string;
  /** Options that decide what is found in a file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Put in by the bundler: another one for any other code that examines files. */
declare const __codeIdentity: string | undefined;

/** 32 bytes. */
export function identityOf({ version, key, storeId, options }: RuleSet): Buffer {
  const code = typeof __codeIdentity === 'string' ? __codeIdentity : rulesAsText();
  return createHmac('sha256', key)
    .update(JSON.stringify([version, storeId, options, code]))
    .digest();
}

/** Patterns and validators count with their text; what they call changes with the version. */
function rulesAsText(): string {
  return JSON.stringify([allRules, layers], (_, value: unknown) =>
    value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  );
}
