/** What a dry run shows on a terminal, without what differs from run to run and from machine to machine. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Scene } from './scenes.ts';

/** The folder as the captures show it; the real one has as many characters, so that lines break in the same places. */
const SHOWN_HOME = '/home/anna/work';
const HOME = join(tmpdir(), 'secrets-scan-captures').slice(0, SHOWN_HOME.length);
const HOST = 'laptop-7';

export async function capture({ args, files }: Scene, width: number): Promise<string> {
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { mode: 0o755 });
  try {
    for (const [name, content] of Object.entries(files())) {
      const path = Buffer.from(join(HOME, name), 'latin1');
      mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
      writeFileSync(path, content, { mode: 0o644, encoding: 'latin1' });
    }
    const key = `${HOME}.key`;
    writeFileSync(key, Buffer.alloc(32), { mode: 0o600 });
    const program = [process.execPath, 'src/main.ts', 'scan', `--fingerprint-key=${key}`, ...args, HOME];
    const quoted = program.map((word) => `'${word}'`).join(' ');
    const command = `stty cols ${width} rows 50; CI=1 NO_COLOR=1 TERM=xterm ${quoted}`;
    const { stdout: shown } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const prompt = `$ secrets-scan scan ${[...args, SHOWN_HOME].join(' ')}\n`;
    return prompt + normalized(stripVTControlCharacters(shown).replaceAll('\r', ''));
  } finally {
    rmSync(HOME, { recursive: true, force: true });
    rmSync(`${HOME}.key`, { force: true });
  }
}

function normalized(text: string): string {
  return text
    .replaceAll(HOME, SHOWN_HOME)
    .replace(` on ${hostname()}:`, ` on ${HOST}:`)
    .replaceAll(/\bowner \d+/g, 'owner 1000')
    .replaceAll(/, \d+\.\d s$/gm, ', 0.3 s')
    .replace(/^secrets-scan \S+/m, 'secrets-scan 0.2.0');
}
