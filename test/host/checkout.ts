/** Copies of this checkout, to build in them and to change them without disturbing other tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended, with its output on both streams. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of the working tree, a git repository with one commit. */
export class Checkout {
  /** To be removed by the caller. */
  readonly folder = mkdtempSync(join(tmpdir(), 'checkout-'));

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    for (const name of listed.toString().split('\0')) {
      if (name !== '' && existsSync(name)) cpSync(name, join(this.folder, name));
    }
    copyPackages(join(this.folder, 'node_modules'));
    this.git('init', '--quiet');
    this.commit();
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' });
  }

  /** Commits everything. */
  commit(): void {
    this.git('add', '--all');
    this.git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '-m', 'test');
  }

  /** Runs a program there. */
  run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
    const { status, stdout, stderr } = spawnSync(file, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { code: status, output: stdout + stderr };
  }

  /** Runs a script of `package.json` there. */
  npm(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Finished {
    return this.run('npm', ['run', '--silent', script, '--', ...args], env);
  }
}

/** Hard links where the system and the file systems allow them, since there are tens of thousands of files. */
function copyPackages(target: string): void {
  if (spawnSync('cp', ['-al', 'node_modules', target]).status === 0) return;
  cpSync('node_modules', target, { recursive: true, force: true });
}
