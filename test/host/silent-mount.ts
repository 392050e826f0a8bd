/** A mount that can be made not to answer: a FUSE file system whose process is stopped. Needs bindfs and root. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Need, file, linux, installed, rootUser } from '../tool.ts';

/** What tests with such a mount need. */
export const silentMountNeeds: readonly Need[] = [linux, rootUser, file('/dev/fuse'), installed('bindfs')];

/** Milliseconds that the kernel answers in place of the file system. */
const REMEMBERED_MS = 1500;

export class SilentMount {
  readonly mount: string;
  /** What the mount shows. */
  readonly source: string;
  readonly #daemon: ChildProcess;

  private constructor(mount: string, source: string, daemon: ChildProcess) {
    this.mount = mount;
    this.source = source;
    this.#daemon = daemon;
  }

  /** Mounts `source` on `mount`, both new folders in this one. Answers until it is stopped. */
  static async in(folder: string): Promise<SilentMount> {
    const [mount, source] = [join(folder, 'mount'), join(folder, 'source')];
    for (const path of [mount, source]) mkdirSync(path);
    const daemon = spawn('bindfs', ['-f', source, mount], { stdio: 'ignore' });
    while (spawnSync('mountpoint', ['-q', mount]).status !== 0) await sleep(50);
    return new SilentMount(mount, source, daemon);
  }

  /** From here on nothing answers. */
  stop(): void {
    this.#daemon.kill('SIGSTOP');
  }

  /** Waits until the kernel remembers nothing of the mount, and stops it. */
  async stopForgotten(): Promise<void> {
    await sleep(REMEMBERED_MS);
    this.stop();
  }

  /** Answers again. */
  resume(): void {
    this.#daemon.kill('SIGCONT');
  }

  unmount(): void {
    this.resume();
    spawnSync('umount', ['-l', this.mount]);
    this.#daemon.kill();
  }
}
