/**
 * V8's code cache for a script that the executable compiles on demand. It is created after the script has run, so it also contains the
 * functions that run only then. It is valid only on the system and architecture that created it.
 */
import { execFileSync } from 'node:child_process';

/**
 * Runs in a separate process. The script is the expression of a function of `module`, `require` and `__dirname`; one of its
 * exports is then called.
 */
const maker = `
const script = new vm.Script(fs.readFileSync(process.argv[1], 'latin1'), { filename: process.argv[2] });
const module_ = {};
script.runInThisContext()(module_, require);
vm.runInThisContext('(exports) => exports.' + process.argv[4])(module_.exports);
fs.writeFileSync(process.argv[3], script.createCachedData());
`;

interface CachedPart {
  /** The file of the part. */
  readonly script: string;
  /** Its name in the executable. */
  readonly name: string;
  /** A call of one of its exports. */
  readonly warmUp: string;
  /** The file of the cache. */
  readonly output: string;
}

/** @param flags V8 flags that make the cache reproducible */
export function makeCodeCache({ script, name, warmUp, output }: CachedPart, flags: readonly string[]): void {
  execFileSync(process.execPath, [...flags, '-e', maker, script, name, output, warmUp], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/**
 * A code cache starts with magic, version hash, source hash and flag hash (V8, `SerializedCodeData`), 4 bytes each.
 * @param flags V8 flags
 */
export function codeCacheHeader(flags: readonly string[]): Buffer {
  const script = `process.stdout.write(new vm.Script('').createCachedData().subarray(0, 16))`;
  return execFileSync(process.execPath, [...flags, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}
