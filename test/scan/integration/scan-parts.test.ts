/** A file that is scanned in parts gives what it gives in one piece, wherever the parts begin and whoever scans them first. */
import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { nodeFileSystem, systemClock } from '../../../src/host/platform/index.ts';
import { CoverageRecorder } from '../../../src/scan/model/coverage.ts';
import type { Detector } from '../../../src/scan/detect/detector.ts';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import { createEngine } from '../../../src/scan/engine/index.ts';
import { FileScanner } from '../../../src/scan/files/file-scanner.ts';
import { SCANNER_MEMORY_BYTES } from '../../../src/scan/detect/detector.ts';
import { type FileFindings, FindingsByFile } from '../../../src/scan/findings/findings-by-file.ts';
import { Scheduler } from '../../../src/scan/files/scheduler.ts';
import type { PartFindings } from '../../../src/scan/files/part-scanner.ts';
import { SplitFiles } from '../../../src/scan/files/split-files.ts';
import type { Rule } from '../../../src/scan/rules/index.ts';
import { accepted, rejected } from '../../../src/scan/rules/model/verdict.ts';
import { TextBudget } from '../../../src/scan/files/work-budget.ts';
import type { RestOfFile } from '../../../src/scan/walk/index.ts';
import { Numbers } from '../../../fixtures/numbers.ts';
import { plantable, plantableKinds, planted } from '../../../fixtures/tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'parts-'));
const path = join(folder, 'large');
afterAll(() => rmSync(folder, { recursive: true }));

const allRules = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

interface Setting {
  readonly detector?: Detector;
  /** Bytes of a part; none for a scan in one piece. */
  readonly partSize?: number;
  /** Called before each part but the first. */
  readonly between?: (index: number) => void;
  readonly signal?: AbortSignal;
}

const undescribed = { exposure: [], owner: '0', modifiedAt: 0, changedAt: 0 };

/** Scans the file by what a scan is made of; of several parts, a later one is put together first. */
async function scan({
  detector = allRules,
  partSize,
  between,
  signal = new AbortController().signal,
}: Setting = {}) {
  const coverage = new CoverageRecorder(
    () => undefined,
    (text) => text,
  );
  const files: FileFindings[] = [];
  const standingsIn = () => () => 'new' as const;
  const byFile = new FindingsByFile({
    onFile: (file) => files.push(file),
    describe: () => undescribed,
    isWatched: () => false,
    standingsIn,
  });
  const rests: RestOfFile[] = [];
  const parts: PartFindings[] = [];
  const scanner = new FileScanner({
    fs: nodeFileSystem,
    os: 'linux',
    detector,
    coverage,
    openBinary: undefined,
    scheduler: new Scheduler({
      clock: systemClock,
      isCancelled: () => signal.aborted,
      limit: undefined,
      reportIntervalMs: Infinity,
      report: () => undefined,
    }),
    onDetection: (place, detection) => byFile.add(place, detection),
    onEnd: undefined,
    // Some of these texts hold nothing but matches.
    budget: new TextBudget({ cpuTime: () => 0 }),
    split:
      partSize === undefined
        ? undefined
        : { partSize, standingsIn, offer: (rest) => rests.push(rest), onPart: (part) => parts.push(part) },
  });
  await scanner.scan({ kind: 'file', path, name: 'large', parent: folder, folder: undefined });
  for (let rest = rests.pop(); rest !== undefined; rest = rests.pop()) {
    if (rest.index > 0) between?.(rest.index);
    await scanner.scan(rest);
  }
  scanner.flush();
  byFile.flush();
  const together = new SplitFiles({
    coverage,
    standingsIn,
    describe: () => undescribed,
    onFile: (file) => files.push(file),
    onWhole: () => undefined,
    onUnfinished: () => undefined,
  });
  for (const part of parts.toReversed()) together.add(part);
  return { files, coverage: coverage.outcome(), parts: parts.length };
}

/** Two megabytes and a half of words, token after token and fragments of them, in lines that end so or not at all. */
function content(lineEnd: string, isDense: boolean): string {
  const numbers = new Numbers(lineEnd.length);
  const tokens = plantableKinds.map((kind) => planted(kind));
  let text = '';
  while (text.length < 2_500_000) {
    const token = tokens[numbers.below(tokens.length)] ?? '';
    const kind = numbers.below(4);
    if (kind === 0) text += `${token}${lineEnd}`;
    else if (kind === 1) text += token.slice(0, numbers.below(token.length));
    else text += (isDense ? ' é🌞 ' : 'passage of nothing é🌞 ').repeat(numbers.below(200)) + lineEnd;
    if (isDense && kind > 1) text += token.slice(numbers.below(token.length));
  }
  return text;
}

describe('a file in parts', () => {
  test.each([
    ['lines', content('\n', false)],
    ['a byte order mark and CRLF', `\uFEFF${content('\r\n', false)}`],
    ['no line end', content('', false).replaceAll('\n', ' ')],
    ['hardly a place to cut', content('\n', true)],
  ])('with %s', async (_, text) => {
    writeFileSync(path, text);
    const whole = await scan();
    expect(whole.files).toHaveLength(1);
    for (const partSize of [48 * 1024, 100_000, 300_001]) {
      const inParts = await scan({ partSize });
      expect(inParts.files).toEqual(whole.files);
      expect(inParts.coverage).toEqual(whole.coverage);
    }
  });

  test('is cut into many', async () => {
    writeFileSync(path, content('\n', false));
    expect((await scan({ partSize: 100_000 })).parts).toBeGreaterThan(20);
  });

  test('is cut only where no match can be open', async () => {
    // At every byte but those behind the `xo`s a match is open, if one asks what might have been found before.
    const rule: Rule = {
      id: 'x',
      title: 'X',
      severity: 'low',
      remediation: '',
      source: '',
      keywords: ['x'],
      pattern: /x[xo]/,
      window: { before: 0, after: 1 },
      validate: (secret) => (secret === 'xo' ? accepted() : rejected),
    };
    const ofX: Detector = {
      ...allRules,
      rules: [rule],
      owners: [{ kind: 'rule', index: 0, rule }],
      engine: createEngine([rule], { capacity: SCANNER_MEMORY_BYTES }),
    };
    const bytes = Buffer.alloc(1_300_001, 'x');
    for (const place of [1001, 700_003, 700_004, 1_200_010]) bytes[place] = 0x6f;
    writeFileSync(path, bytes);
    const whole = await scan({ detector: ofX });
    const inParts = await scan({ detector: ofX, partSize: 100_000 });
    expect(whole.files[0]?.detections).toMatchObject([{ count: 3 }]);
    expect(inParts).toEqual({ ...whole, parts: 3 });
  });

  test('as UTF-16 is scanned in one', async () => {
    writeFileSync(path, `\uFEFF${content('\n', false)}`, 'utf16le');
    const whole = await scan();
    expect(whole.files).toHaveLength(1);
    expect(await scan({ partSize: 100_000 })).toEqual({ ...whole, parts: 0 });
  });
});

describe('a file that changes while it is scanned', () => {
  const line = `${plantable('npm-access-token')}\n`;
  const size = 4_000_000;
  const text = `${line}${'x\n'.repeat((size - 2 * line.length) / 2)}${line}`.padEnd(size, '\n');
  const scanWhile = (between: (index: number) => void) => {
    writeFileSync(path, text);
    return scan({ partSize: 500_000, between });
  };

  test('and grows is scanned as it was', async () => {
    const { files, coverage } = await scanWhile(() => appendFileSync(path, line));
    expect(files[0]?.detections).toMatchObject([{ line: 1, count: 2 }]);
    expect(coverage).toMatchObject({ files: 1, bytes: size, unexamined: {} });
  });

  test.each([
    ['shrinks', 'read-error', () => truncateSync(path, 1_000_000)],
    ['goes away', 'vanished', () => rmSync(path, { force: true })],
    [
      'is replaced',
      'read-error',
      () => {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('and %s is one gap, after what was found before it', async (_, reason, change) => {
    const { files, coverage } = await scanWhile((index) => (index === 3 ? change() : undefined));
    expect(files.flatMap(({ detections }) => detections)).toHaveLength(1);
    expect(coverage).toMatchObject({ files: 0, unexamined: { [reason]: 1 }, gaps: [{ path, reason }] });
  });

  test('and whose folder is exchanged for a link is one gap, though the file is the same', async () => {
    const { coverage } = await scanWhile((index) => {
      if (index !== 2) return;
      renameSync(folder, `${folder}.was`);
      symlinkSync(`${folder}.was`, folder);
    });
    rmSync(folder);
    renameSync(`${folder}.was`, folder);
    expect(coverage).toMatchObject({ files: 0, unexamined: { 'replaced-by-link': 1 } });
  });

  test('and whose scan must stop is one gap', async () => {
    writeFileSync(path, text);
    const stop = new AbortController();
    const between = (index: number) => (index === 2 ? stop.abort() : undefined);
    const { coverage, parts } = await scan({ partSize: 500_000, signal: stop.signal, between });
    expect(parts).toBe(3);
    expect(coverage).toMatchObject({ files: 0, unexamined: { 'stopped-early': 1 } });
  });
});
