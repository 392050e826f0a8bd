/**
 * Tests that need a program, a right or a system. Where it is missing, the test is skipped and its title says why. In CI on Linux,
 * where every program and root must be there, the file of the test fails instead and names what is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from '@jest/globals';

/** What a test needs, and whether it is there. */
export interface Need {
  readonly name: string;
  readonly isMet: boolean;
  /** The system or the form of the program: nothing that could be installed, so CI does without it as well. */
  readonly isGiven?: boolean;
}

export const linux: Need = { name: 'Linux', isMet: process.platform === 'linux', isGiven: true };
export const posix: Need = { name: 'a POSIX system', isMet: process.platform !== 'win32', isGiven: true };
export const rootUser: Need = { name: 'root', isMet: process.getuid?.() === 0 };

/** A program on PATH. */
export function installed(name: string): Need {
  return { name, isMet: pathOf(name) !== undefined };
}

/** A file that a package or the kernel provides. */
export function file(path: string): Need {
  return { name: path, isMet: existsSync(path) };
}

/** A module of the Python on PATH. */
export function pythonModule(name: string): Need {
  return { name: `${name} for Python`, isMet: spawnSync('python3', ['-c', `import ${name}`]).status === 0 };
}

/** Where a program on PATH is. */
export function pathOf(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** `test` for tests with these needs. @throws Error in CI when one is missing that CI must provide */
export function testWith(...needs: readonly Need[]): typeof test | typeof test.skip {
  const suffix = missing(needs);
  return suffix === '' ? test : titled(test.skip, suffix);
}

/** `describe` for tests with these needs. @throws Error in CI when one is missing that CI must provide */
export function describeWith(...needs: readonly Need[]): typeof describe | typeof describe.skip {
  const suffix = missing(needs);
  return suffix === '' ? describe : titled(describe.skip, suffix);
}

type AnyFunction = (...args: never[]) => unknown;

/** The same function of jest, with a suffix for each title. */
function titled<Skip extends AnyFunction>(skip: Skip, suffix: string): Skip {
  return new Proxy(skip, {
    apply: (target, self, [title, ...rest]: [string, ...unknown[]]): unknown =>
      Reflect.apply(target, self, [title + suffix, ...rest]),
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'each' || typeof value !== 'function') return value;
      return (...table: unknown[]) => titled(Reflect.apply(value, target, table), suffix);
    },
  });
}

/** What a title says of the needs that are not met; empty when there are none. */
function missing(needs: readonly Need[]): string {
  const unmet = needs.filter(({ isMet }) => !isMet);
  const required = unmet.filter(({ isGiven }) => isGiven !== true);
  const isCi = (process.env['CI'] ?? '') !== '' && linux.isMet && !unmet.some(({ isGiven }) => isGiven);
  if (isCi && required.length > 0) throw new Error(`CI must provide ${namesOf(required)}`);
  return unmet.length === 0 ? '' : ` (skipped: needs ${namesOf(unmet)})`;
}

function namesOf(needs: readonly Need[]): string {
  return needs.map(({ name }) => name).join(', ');
}
