/** What the file index holds for: another version, other rules or another store, and every file is read again. */
import { createHmac } from 'node:crypto';
import type { Rule } from '../rules/index.ts';

export interface RuleSet {
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Of the fingerprints: with another one every finding would be another. */
  readonly key: Buffer;
  readonly storeId: string;
  /** Options that decide what is found in a file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** 32 bytes. Validators are code, and change with the version. */
export function identityOf({ version, rules, key, storeId, options }: RuleSet): Buffer {
  const described = rules.map((rule) => ({
    ...rule,
    pattern: String(rule.pattern),
    validate: String(rule.validate),
  }));
  const text = JSON.stringify([version, storeId, options, described]);
  return createHmac('sha256', key).update(text).digest();
}
