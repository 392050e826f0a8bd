/**
 * Runs the compared scanners: this project's executable, packed or from source, and secretlint with its
 * recommended rules.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { executablePath } from '../../build/package.ts';
import { type JsonReport, loadTools } from '../../src/scan/task-build.ts';
import { findPeers, installSecretlint } from '../bench/peers.ts';
import type { Reported } from './score.ts';

const { readReport } = await loadTools();

/** Time limit of one run, in milliseconds. */
const TIMEOUT = 900_000;

const isPacked = existsSync(executablePath);
const [file, ...first] = isPacked
  ? [executablePath]
  : [process.execPath, resolve(import.meta.dirname, '../../src/main.ts')];

/** The name of what is measured, for a person. */
export const measured = isPacked ? 'dist/secrets-scan' : 'node src/main.ts';

export type Outcome = JsonReport['outcome'];

/**
 * Runs this project's scanner on a tree and keeps its report at `report`.
 * @throws Error when it fails, or finds more than its report lists
 */
export async function scanOurs(tree: string, report: string): Promise<Outcome> {
  const args = [...first, '--dry-run', `--report=${report}`, '--max-duration=15m', resolve(tree)];
  const { status, stderr } = spawnSync(file ?? '', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT,
    maxBuffer: 256e6,
  });
  if (status !== 0) throw new Error(`${measured} ended with ${status}: ${stderr.slice(-1000)}`);
  const { outcome } = await readReport(report);
  const total = Object.values(outcome.findingCount).reduce((sum, many) => sum + many, 0);
  const listed = outcome.findings.length;
  if (listed < total) throw new Error(`${tree}: ${total} findings, of which the report has ${listed}`);
  return outcome;
}

/** The findings of a run, one for each listed location, with paths below the tree. */
export function reported(tree: string, { findings }: Outcome): readonly Reported[] {
  return findings.flatMap((finding) => {
    const { locations = [finding] } = finding;
    return locations.map((place) => ({ ...finding, ...place, path: below(tree, finding.path) }));
  });
}

function below(tree: string, path: string): string {
  return relative(resolve(tree), path).replaceAll(sep, '/');
}

/** secretlint as the benchmark runs it, installed if necessary; undefined where it is unavailable. */
export function findSecretlint(
  cache: string,
): ((tree: string, format: string, output: string) => void) | undefined {
  const find = () => findPeers(cache).get('secretlint');
  if (find() === undefined) installSecretlint(cache);
  const peer = find();
  if (peer === undefined) return undefined;
  return (tree, format, output) => {
    const { file, args, ok = [0], folder } = peer.command(resolve(tree));
    const descriptor = openSync(output, 'w');
    const { status } = spawnSync(
      file,
      [...args.filter((arg) => !arg.startsWith('--format')), `--format=${format}`],
      {
        cwd: folder,
        stdio: ['ignore', descriptor, 'ignore'],
        timeout: TIMEOUT,
      },
    );
    closeSync(descriptor);
    if (status === null || !ok.includes(status)) throw new Error(`secretlint ended with ${status}`);
  };
}

const Position = z.object({ line: z.int(), column: z.int() });
const SecretlintReport = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(z.object({ ruleId: z.string(), loc: z.object({ start: Position, end: Position }) })),
  }),
);

/** The findings in its JSON. It counts columns from 0 and has no confidence. */
export function secretlintReported(tree: string, output: string): readonly Reported[] {
  const files = SecretlintReport.parse(JSON.parse(readFileSync(output, 'utf8')));
  return files.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, loc: { start, end } }): Reported => ({
      path: below(tree, filePath),
      rule: ruleId,
      confidence: 'medium',
      line: start.line,
      column: start.column + 1,
      endLine: end.line,
      endColumn: end.column + 1,
    })),
  );
}

/** The number of findings in its compact output. */
export function secretlintCount(output: string): number {
  return readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => /: line \d+, col \d+, /.test(line)).length;
}
