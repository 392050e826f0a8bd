/**
 * Reads an ignore list (`--ignore-list`), which accepts the lines of a `.gitleaksignore`. Errors name the line and never quote it: the file
 * may not be a list at all.
 *
 * ```
 * config/app.yml:generic-password:12                  a finding: the end of its path, rule, line
 * config/app.yml:generic-password                     all findings of a rule in a file; * stands for every rule
 * ** /fixtures/**:* until 2027-01-31   # made up      a glob (written without the space), an expiry date, a reason
 * key 0123456789abcdef                                the key of the fingerprints that follow
 * 5f1d0c0ffee0beef                                    a fingerprint: 64 digits, or its first 16
 * ```
 */
import picomatch from 'picomatch';
import { TaskError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import { keyOfHash, keyOfText } from '../model/key-set.ts';
import { ANY, type IgnoredGlob, lineKey } from './suppression.ts';

/** What a list names; all but the globs as keys of a `KeySet`. */
export interface Ignored {
  readonly fingerprints: bigint[];
  /** Ends of paths. */
  readonly files: bigint[];
  /** The same with rule and line: see `lineKey`. */
  readonly lines: bigint[];
  readonly globs: IgnoredGlob[];
  /** Lines of the list that are no longer valid. */
  readonly expired: number[];
}

/** What entries are checked against. */
export interface IgnoreListContext {
  readonly key: FingerprintKeyInUse;
  readonly isRule: (id: string) => boolean;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** File names are case-insensitive. */
  readonly ignoresCase: boolean;
}

/** The key of this run's fingerprints. */
export interface FingerprintKeyInUse {
  readonly id: string;
  /** Why it is a key of this run alone, if it is. */
  readonly problem?: unknown;
}

const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_LINE_CHARS = 10_000;
/** Each one is tried on every file with findings. */
const MAX_GLOBS = 1000;

/** @throws TaskError `config` that names the file and the line */
export async function readIgnoreList(
  path: string,
  readInput: ReadInput,
  context: IgnoreListContext,
): Promise<Ignored> {
  const text = (await readInput(path, { what: '--ignore-list', maxBytes: MAX_LIST_BYTES })).toString('utf8');
  const reader = new Reader(context);
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const problem = reader.read(line, index + 1);
    if (problem === undefined) continue;
    throw new TaskError('config', `--ignore-list ${path}: line ${index + 1} ${problem}`);
  }
  return reader.ignored;
}

class Reader {
  readonly ignored: Ignored = { fingerprints: [], files: [], lines: [], globs: [], expired: [] };
  readonly #context: IgnoreListContext;
  readonly #today: string;

  constructor(context: IgnoreListContext) {
    this.#context = context;
    this.#today = new Date(context.now).toISOString().slice(0, 'yyyy-mm-dd'.length);
  }

  /** @returns what is wrong with the line, if anything */
  read(line: string, number: number): string | undefined {
    if (line.length > MAX_LINE_CHARS) return `has more than ${MAX_LINE_CHARS} characters`;
    const text = line.replace(/(?:^|\s)#.*$/, '').trim();
    if (text === '') return undefined;
    const [, keyId] = /^key\s+(\S+)$/.exec(text) ?? [];
    if (keyId !== undefined) return this.#problemOfKey(keyId);
    const { entry, until } = withoutExpiry(text);
    if (until !== undefined && !isDay(until)) return 'does not end with a day such as 2027-01-31';
    const isExpired = until !== undefined && until < this.#today;
    const problem = this.#entry(entry, isExpired);
    if (problem === undefined && isExpired) this.ignored.expired.push(number);
    return problem;
  }

  #problemOfKey(id: string): string | undefined {
    if (id === this.#context.key.id) return undefined;
    return `names another key than the one of this run, ${this.#context.key.id}: the fingerprints after it match nothing; list them again from a report of this user, or give both runs the same --fingerprint-key`;
  }

  #entry(entry: string, isExpired: boolean): string | undefined {
    if (/^[0-9a-f]+$/i.test(entry)) return this.#fingerprint(entry.toLowerCase(), isExpired);
    // Lists of a repository's history start with the commit.
    const [, file = '', rule = '', number] =
      /^(?:[0-9a-f]{40}(?:[0-9a-f]{24})?:)?(.+?):([^:]+?)(?::(\d{1,15}))?$/.exec(entry) ?? [];
    if (file === '') return 'is neither PATH:RULE:LINE, PATH:RULE nor a fingerprint';
    const { isRule, ignoresCase } = this.#context;
    if (rule !== ANY && !isRule(rule)) {
      return 'names a rule that does not exist; "rules list" has the ids, and * stands for every rule';
    }
    if (isExpired) return undefined;
    const end = file.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
    const line = number === undefined ? undefined : Number(number);
    this.ignored.files.push(keyOfText(end));
    this.ignored.lines.push(lineKey(end, rule, line));
    if (!/[*?[{]/.test(end)) return undefined;
    if (this.ignored.globs.length === MAX_GLOBS)
      return `is one glob too many: a list has at most ${MAX_GLOBS}`;
    const { source, flags } = picomatch.makeRe(isAbsolute(end) ? end : `**/${end}`, {
      dot: true,
      nocase: ignoresCase,
    });
    this.ignored.globs.push({ expression: source, flags, rule, line });
    return undefined;
  }

  #fingerprint(digits: string, isExpired: boolean): string | undefined {
    const { problem } = this.#context.key;
    if (digits.length !== 16 && digits.length !== 64) {
      return `has ${digits.length} hexadecimal digits; a fingerprint has 64, or the first 16 of them`;
    }
    if (problem !== undefined) {
      return 'is a fingerprint, which matches nothing: this run has no lasting fingerprint key (its log says why)';
    }
    if (!isExpired) this.ignored.fingerprints.push(keyOfHash(digits));
    return undefined;
  }
}

/** `a:b until 2027-01-31` without its end, which a path with spaces must not be mistaken for. */
function withoutExpiry(text: string): { readonly entry: string; readonly until?: string } {
  const [until = '', word] = text.split(/\s+/).toReversed();
  if (word !== 'until' || until.includes(':')) return { entry: text };
  return { entry: text.slice(0, text.lastIndexOf(word)).trim(), until };
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[a-z]:\/)/i.test(path);
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  // Some days that do not exist, such as 30 February, are read as later ones.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
