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
export const root: Need = { name: 'root', isMet: process.getuid?.() === 0 };

/** A program on PATH. */
export function program(name: string): Need {
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
export function testWith(...needs: readonly Need[]): Runner<typeof test> {
  const suffix = missing(needs);
  if (suffix === '') return test;
  return Object.assign(
    (title: string, ...rest: Rest<typeof test>) => test.skip(title + suffix, ...rest),
    // The overloads of `each` differ in the table, which is handed on as it is.
    { each: eachTitled(test.skip.each, suffix) as typeof test.each },
  );
}

/** `describe` for tests with these needs. @throws Error in CI when one is missing that CI must provide */
export function describeWith(...needs: readonly Need[]): Runner<typeof describe> {
  const suffix = missing(needs);
  if (suffix === '') return describe;
  return Object.assign(
    (title: string, ...rest: Rest<typeof describe>) => describe.skip(title + suffix, ...rest),
    { each: eachTitled(describe.skip.each, suffix) as typeof describe.each },
  );
}

type Rest<Jest> = Jest extends (title: never, ...rest: infer Others) => unknown ? Others : never;

type Runner<Jest extends { readonly each: unknown }> = ((title: string, ...rest: Rest<Jest>) => void) & {
  readonly each: Jest['each'];
};

type AnyEach = (...table: readonly unknown[]) => (title: string, ...rest: readonly unknown[]) => void;

function eachTitled(each: unknown, suffix: string): unknown {
  const untyped = each as AnyEach;
  const titled: AnyEach =
    (...table) =>
    (title, ...rest) =>
      untyped(...table)(title + suffix, ...rest);
  return titled;
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
