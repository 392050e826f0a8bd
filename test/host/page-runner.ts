/** Runs the commands of the documentation as a reader would: in a home with some files, with the executable on `PATH`. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demonstrate, taskBuild } from '../../build/task.ts';
import type { Block } from './page-blocks.ts';
import { newFolder, programUnderTest } from './program-under-test.ts';

/** Of one block. */
const LONGEST_MS = 50_000;

/** How a block ended. */
export interface Outcome {
  readonly block: Block;
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs the blocks of one page one after the other; those with a file's content make the file. */
export async function runPage(blocks: readonly Block[]): Promise<Outcome[]> {
  const home = await newHome();
  const outcomes: Outcome[] = [];
  for (const block of blocks) {
    if (block.file !== undefined) writeFileSync(join(home, block.file), block.text);
    else if (block.language === 'sh' && block.notRun === undefined)
      outcomes.push(await runBlock(block, home));
  }
  return outcomes;
}

/** A git repository with the task's demonstration as `projects`. */
async function newHome(): Promise<string> {
  const home = newFolder('documentation');
  const { arguments: given } = await demonstrate(home, []);
  const sample = given.at(-1);
  const projects = join(home, 'projects');
  if (sample !== undefined && existsSync(sample) && dirname(sample) === home) renameSync(sample, projects);
  else mkdirSync(projects);
  const bin = join(home, '.bin');
  mkdirSync(bin);
  const [file = '', ...first] = programUnderTest(taskBuild).command;
  const path = join(bin, taskBuild.name);
  if (first.length === 0) symlinkSync(file, path);
  else {
    writeFileSync(
      path,
      `#!/bin/sh\nexec '${file}' ${first.map((argument) => `'${argument}'`).join(' ')} "$@"\n`,
    );
    chmodSync(path, 0o755);
  }
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', home]);
  return home;
}

async function runBlock(block: Block, home: string): Promise<Outcome> {
  const child = spawn('sh', ['-eu'], {
    cwd: home,
    env: {
      PATH: `${join(home, '.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      // Not the machine's.
      [`${taskBuild.name.replaceAll('-', '_').toUpperCase()}_STATE_DIR`]: join(home, '.state'),
    },
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  child.stdin.end(block.text);
  return await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ block, code, output }));
  });
}
