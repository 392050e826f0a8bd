/**
 * The parts of the executable besides its first script, which are compiled on demand. In a single executable, they are Node's
 * assets; in a bundle that Node runs directly, they are files beside it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { getRawAsset, isSea } from 'node:sea';
import { Script } from 'node:vm';

/**
 * The contents of a part, not copied in a single executable.
 * @throws Error when there is no such part
 */
export function executablePart(name: string): Buffer {
  return isSea() ? Buffer.from(getRawAsset(name)) : readFileSync(join(import.meta.dirname, name));
}

/** The same; undefined if there is no such part. */
function optionalPart(name: string): Buffer | undefined {
  try {
    return executablePart(name);
  } catch {
    return undefined;
  }
}

/**
 * The exports of a part that is compiled on demand. V8's code cache is stored next to its text if the build could create it; without it
 * everything works, but takes longer to load.
 * @param module an empty object, which receives the exports
 */
export function loadPart<Exports>(name: string, module: { exports?: Exports }): Exports {
  const cachedData = optionalPart(`${name}.cache`);
  const script = new Script(executablePart(`${name}.cjs`).toString('latin1'), {
    filename: `${name}.cjs`,
    ...(cachedData !== undefined && { cachedData }),
  });
  // All modules that it requires are built into Node.
  script.runInThisContext()(module, createRequire(process.execPath), import.meta.dirname);
  if (module.exports === undefined) throw new TypeError('the text is not a module');
  return module.exports;
}
