/** What the file index is valid for: with another version, other rules or another store, every file is read again. */
import { createHmac } from 'node:crypto';

export interface IndexIdentity {
  readonly version: string;
  /** Identifies the rules and the code that runs them. */
  readonly code: string;
  /** The key of the fingerprints: with another one every finding would have another fingerprint. */
  readonly key: Buffer;
  readonly storeId: string;
  /** Options that affect what is found in a file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** 32 bytes. */
export function identityOf({ version, code, key, storeId, options }: IndexIdentity): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([version, storeId, options, code]))
    .digest();
}
