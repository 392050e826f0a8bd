/** Counts the files in which each secret of a run is found, where no store does. In bounded memory. */
import type { Finding } from '../model/finding.ts';
import { secretNumber } from './secret-number.ts';

/** Number of secrets that are counted; further ones count as being in one file. */
const MAX_SECRETS = 100_000;

type Secret = Pick<Finding, 'rule' | 'fingerprint'>;

export class FileCounter {
  readonly #files = new Map<number, number>();

  /** Call it once for each file. */
  add(secret: Secret): void {
    const key = secretNumber(secret);
    const count = this.#files.get(key) ?? 0;
    if (count > 0 || this.#files.size < MAX_SECRETS) this.#files.set(key, count + 1);
  }

  of(secret: Secret): number {
    return this.#files.get(secretNumber(secret)) ?? 1;
  }
}
