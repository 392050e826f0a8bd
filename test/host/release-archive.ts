/** Archives of the probe, as a release would contain them, and stand-ins for other versions of it. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../build/release/tar.ts';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';
import { renderJob } from '../../src/host/job/index.ts';
import { hostPlatform } from '../../src/host/platform/index.ts';
import { command, fromSource, jobId } from './probe-under-test.ts';

const { os } = hostPlatform({});
export const executableName = os === 'windows' ? `${jobId}.exe` : jobId;
/** Path of the executable below the agent's root. */
export const executablePath = join('Jobs', 'bin', jobId, executableName);
/** Path of the job document below the agent's root. */
export const documentPath = join('Jobs', `${jobId}.json`);

/** The probe's executable, or from source a script that starts it. */
export function probeExecutable(): Buffer {
  const [program = '', source = ''] = command;
  return fromSource ? Buffer.from(`#!/bin/sh\nexec '${program}' '${source}' "$@"\n`) : readFileSync(program);
}

/** Another version: it starts, and ends with this code when the agent runs it. */
export function versionThatEndsWith(code: number, version = '7.0.0'): Buffer {
  return Buffer.from(`#!/bin/sh\n[ "$1" = --version ] || exit ${code}\necho ${version}\n`);
}

/** The text of the released job document, with further arguments. */
export function documentWith(...extraArguments: string[]): string {
  const template: unknown = JSON.parse(readFileSync(`test/host/probe/job-templates/${jobId}.json`, 'utf8'));
  return JSON.stringify(renderJob(template, { os, extraArguments }), null, 2);
}

/** The files of an archive. */
export function entriesOf(executable: Buffer, document: string): Entry[] {
  const plain = (path: string, text: string) => ({ path, content: Buffer.from(text), executable: false });
  return [
    { path: `Jobs/bin/${jobId}/${executableName}`, content: executable, executable: true },
    plain(`Jobs/${jobId}.json`, document),
    plain(`Jobs/bin/${jobId}/LICENSE.txt`, 'the licence'),
    plain(`Jobs/bin/${jobId}/scenarios/other.json`, '{}'),
  ];
}

/** Writes an archive with its checksum beside it. Returns its path. */
export async function writeRelease(path: string, entries: readonly Entry[]): Promise<string> {
  const content = gzipSync(await writeTar(entries, new Date(0)), { level: 1 });
  writeFileSync(path, content);
  writeSums(path, createHash('sha256').update(content).digest('hex'));
  return path;
}

/** Writes the list of checksums beside an archive. */
export function writeSums(archive: string, hash: string): void {
  writeFileSync(
    join(dirname(archive), 'SHA256SUMS'),
    `${'0'.repeat(64)}  other\n${hash}  ${basename(archive)}\n`,
  );
}
