/**
 * Packs executables: `@yao-pkg/pkg` injects the bundle into a stock Node of the target. The same sources and lock
 * file give the same bytes, in any folder and at any time. As a script, it packs the host's executable below
 * `dist`.
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { platform } from 'node:process';
// pkg's command line has no option for V8's code cache; its function for single executables does.
import pkgSea from '@yao-pkg/pkg/lib-es5/sea.js';
import type { ExecutablePart } from '../src/host/task/task-build.ts';
import { bundle, bundleFolder, mainFile, partFile } from './bundle.ts';
import { codeCacheHeader, makeCodeCache } from './code-cache.ts';
import { withoutSymbols } from './release/elf-symbols.ts';
import { signAdHoc } from './release/mach-o-signature.ts';
import { withoutLocalSymbols } from './release/mach-o-symbols.ts';
import { describeExecutable, withoutSignature } from './release/portable-executable.ts';
import { stockNode } from './stock-node.ts';
import { taskBuild, texts } from './task.ts';
import { type Target, executableName, hostTarget } from './targets.ts';

const dist = resolve('dist');

/** The path of the host's packed executable. */
export const executablePath = join(dist, executableName(hostTarget()));

/** Bundles and packs the executable of this machine. */
export async function packageHost(): Promise<void> {
  await bundle();
  await packExecutable(hostTarget(), executablePath);
}

/**
 * Packs the bundle for a target. The executable is replaced in one step, so that a running one is not damaged. One
 * at a time: pkg changes the working directory while it works.
 */
export async function packExecutable(target: Target, output: string): Promise<void> {
  const unfinished = `${output}.unfinished`;
  const withCodeCache = target === hostTarget();
  const options = {
    nodePath: preparedNode(target),
    // With this, and an architecture that no host has, pkg starts `process.execPath` to create the blob that it
    // injects.
    useLocalNode: true,
    targets: [{ nodeRange: 'node26', platform: pkgPlatforms[target.os], arch: 'any', output: unfinished }],
    signature: false,
    seaConfig: {
      main: seen(mainFile),
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      // Halves the start-up time. It is valid only on the system and architecture that created it.
      useCodeCache: withCodeCache,
      // NODE_OPTIONS must not load code into a task that runs as root (Node documentation, "Single executable
      // applications").
      execArgvExtension: 'none',
      execArgv: [...flags, ...closedOn(target.os)],
      assets: assetsFor(target),
    },
  };
  await withBuilder(() => pkgSea.default(join(bundleFolder, mainFile), options));
  rmSync(options.nodePath);
  if (withCodeCache) fitFlags(unfinished);
  // pkg leaves the checksum of the executable without the bundle.
  if (target.os === 'windows') writeFileSync(unfinished, withoutSignature(readFileSync(unfinished)));
  if (target.os === 'macOS') writeFileSync(unfinished, signAdHoc(readFileSync(unfinished)));
  chmodSync(unfinished, 0o755);
  await rename(unfinished, output);
}

/**
 * Each was measured separately, with a task that reads many files; unless noted, time and memory are the same as
 * without it.
 */
const flags = [
  // Few objects live long: 12 MB less of resident memory on 1.4 GB of files.
  '--max-semi-space-size=2',
  // A tree of 10 to 50 MB takes 7 to 12 % less: it ends before the first collection of the whole heap. 3 MB
  // more, 10 on large trees.
  '--initial-old-space-size=32',
  // 30 MB less on 200,000 files with state and one thread, 5 to 10 with two.
  '--heap-growing-percent=10',
  // The heap is collected when it has grown, not some time after: 27 MB less on 10 GB of files.
  '--single-threaded-gc',
  '--no-incremental-marking',
  // Both processors are busy anyway.
  '--v8-pool-size=1',
  // Expressions are compiled once instead of twice: 10 % less for a tree of 10 MB, 5 for one of a gigabyte.
  '--no-regexp-tier-up',
];

/**
 * Disables what others could enable from outside: signals, and variables that Node reads before any of this
 * program's code runs. In a single executable, Node takes no options from the command line.
 */
function closedOn(os: Target['os']): readonly string[] {
  const nothing = os === 'windows' ? 'NUL' : '/dev/null';
  return [
    // SIGUSR1 would open the inspector, through which any program that can connect runs code.
    '--disable-sigusr1',
    // OPENSSL_CONF and the system's own file can load libraries into the process.
    `--openssl-config=${nothing}`,
    // NODE_ICU_DATA would load another user's tables.
    `--icu-data-dir=${nothing}`,
    // NODE_REDIRECT_WARNINGS would write them to any file.
    '--no-warnings',
  ];
}

/**
 * The parts and texts of the executable in addition to its first script, by name. A code cache is named after its part:
 * `detector.cache`.
 */
function assetsFor(target: Target): Record<string, string> {
  const assets: Record<string, string> = {};
  for (const [name, { warmUp }] of Object.entries<ExecutablePart>(taskBuild.parts)) {
    const file = partFile(name);
    assets[file] = seen(file);
    if (warmUp === undefined || target !== hostTarget()) continue;
    const cache = `${name}.cache`;
    makeCodeCache(
      { script: join(bundleFolder, file), name: file, warmUp, output: join(bundleFolder, cache) },
      steady,
    );
    assets[cache] = seen(cache);
  }
  for (const name of Object.keys(texts)) assets[name] = seen(name);
  return assets;
}

/**
 * The path of a bundle file as pkg sees it, from a folder below `dist`: a relative path keeps the builder's folders
 * out of the executable.
 */
function seen(name: string): string {
  return join('..', '..', bundleFolder, name);
}

const pkgPlatforms = { linux: 'linux', windows: 'win', macOS: 'macos' } as const;

/**
 * The target's stock Node without debug symbols; for Windows with the task's name and version in its properties,
 * and without the signature that this invalidates.
 */
function preparedNode(target: Target): string {
  const node = readFileSync(stockNode(target.nodePackage));
  const path = join(dist, `node-${target.name}`);
  writeFileSync(path, prepare[target.os](node));
  return path;
}

const prepare = {
  linux: withoutSymbols,
  windows: (node: Buffer) => describeExecutable(node, taskBuild),
  macOS: withoutLocalSymbols,
} as const;

/**
 * V8 orders its tables by a seed that is random in each process, and the code cache reflects the order, as well as
 * what another thread has compiled by then. No script passes these flags to Node on Windows, where releases are not
 * made.
 */
const steady = platform === 'win32' ? [] : ['--hash-seed=1', '--single-threaded'];

/** Runs pkg with a deterministic Node, and with its temporary folder below `dist`. */
async function withBuilder(work: () => Promise<void>): Promise<void> {
  const { execPath } = process;
  const temporary = process.env['TMPDIR'];
  process.env['TMPDIR'] = dist;
  if (steady.length > 0) {
    process.execPath = join(dist, 'steady-node');
    writeFileSync(process.execPath, `#!/bin/sh\nexec '${execPath}' ${steady.join(' ')} "$@"\n`, {
      mode: 0o755,
    });
  }
  try {
    await work();
  } finally {
    process.execPath = execPath;
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
  }
}

/**
 * A code cache is rejected when the flags differ from those it was created with. The code is the same with ours:
 * they concern the heap and what no cache contains, and V8 re-sorts what depends on a seed when it loads a cache.
 */
function fitFlags(executable: string): void {
  const [made, wanted] = [codeCacheHeader(steady), codeCacheHeader(flags)];
  if (made.equals(wanted)) return;
  const content = readFileSync(executable);
  const version = made.subarray(0, 8);
  const places: number[] = [];
  for (let at = content.indexOf(version); at !== -1; at = content.indexOf(version, at + 1)) {
    if (content.subarray(at + 12, at + 16).equals(made.subarray(12))) places.push(at);
  }
  // One for the code that every start loads, and one for each part that is warmed up.
  const parts = Object.values<ExecutablePart>(taskBuild.parts).filter(({ warmUp }) => warmUp !== undefined);
  if (places.length !== 1 + parts.length) {
    throw new Error(`${places.length} code caches in ${executable}; ${1 + parts.length} were expected`);
  }
  for (const place of places) content.set(wanted.subarray(12), place + 12);
  writeFileSync(executable, content);
}

if (import.meta.main) {
  await packageHost();
  console.log(`packed ${executablePath}`);
}
