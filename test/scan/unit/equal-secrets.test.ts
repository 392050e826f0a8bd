/** Equal secrets of a file are one finding, and what is kept of many findings. */
import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import {
  FileCollection,
  NARROW_FILE_LIMIT,
  type FileLimit,
} from '../../../src/scan/findings/file-collection.ts';
import type { Standing } from '../../../src/scan/findings/standing.ts';
import { type Severity, severities } from '../../../src/scan/model/finding.ts';

interface Occurrence {
  readonly secret: string;
  readonly line: number;
  readonly severity?: Severity;
  readonly marker?: string;
}

function detection({ secret, line, severity = 'medium', marker }: Occurrence): Detection {
  return {
    rule: 'r',
    title: 't',
    severity,
    confidence: 'high',
    fingerprint: hash('sha256', secret),
    line,
    column: 1,
    endLine: line,
    endColumn: 9,
    count: 1,
    evidence: [`line ${line}`],
    ...(marker !== undefined && { marker }),
  };
}

interface Setting {
  readonly standingOf?: (line: number, marker: string | undefined) => Standing;
  readonly limit?: FileLimit;
}

function collected(occurrences: Iterable<Occurrence>, { standingOf = () => 'new', limit }: Setting = {}) {
  const file = new FileCollection(
    '/x',
    () =>
      ({ line, marker }) =>
        standingOf(line, marker),
  );
  for (const occurrence of occurrences) file.add(detection(occurrence));
  return file.finish(limit);
}

const linesOf = ({ locations = [] }: { readonly locations?: readonly { readonly line: number }[] }) =>
  locations.map(({ line }) => line);

describe('equal secrets', () => {
  test('are one finding with their number and the first locations', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => ({ secret: 'same', line: n + 1 }));
    const { detections } = collected([...lines, { secret: 'other', line: 5001 }]);
    expect(detections).toMatchObject([
      { count: 5000, line: 1 },
      { count: 1, line: 5001 },
    ]);
    expect(detections.map(linesOf)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], []]);
  });

  test('have the severity and the position of the most severe location, which is always listed', () => {
    const lines = Array.from({ length: 20 }, (_, n) => ({ secret: 'same', line: n + 1 }));
    const { detections } = collected([
      ...lines,
      { secret: 'same', line: 21, severity: 'critical' },
      { secret: 'same', line: 22, severity: 'critical' },
    ]);
    expect(detections).toMatchObject([
      { severity: 'critical', count: 22, line: 21, endLine: 21, evidence: ['line 21'] },
    ]);
    expect(detections.map(linesOf)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 21]]);
  });

  test('have a marker only if every location has one, and are shown where there is none', () => {
    const marker = 'gitleaks:allow';
    const marked = Array.from({ length: 12 }, (_, n) => ({ secret: 'same', line: n + 1, marker }));
    expect(collected(marked).detections).toMatchObject([{ marker, count: 12 }]);
    const [mixed] = collected([...marked, { secret: 'same', line: 13 }]).detections;
    expect(mixed).toMatchObject({ line: 13, count: 13 });
    expect(mixed).not.toHaveProperty('marker');
    expect(mixed?.locations?.map((place) => place.marker)).toEqual([
      ...Array.from({ length: 9 }, () => marker),
      undefined,
    ]);
    const [severe] = collected([
      { secret: 'same', line: 1 },
      { secret: 'same', line: 2, severity: 'critical', marker },
    ]).detections;
    expect(severe).toMatchObject({ line: 2, severity: 'critical' });
    expect(severe).not.toHaveProperty('marker');
  });

  test('of several parts are joined', () => {
    const part = (begin: number) =>
      collected(Array.from({ length: 6 }, (_, n) => ({ secret: 'same', line: begin + n })));
    const file = new FileCollection('/x', () => () => 'new');
    for (const begin of [1, 100, 200]) file.addPart(part(begin));
    const { detections } = file.finish();
    expect(detections).toMatchObject([{ count: 18, line: 1 }]);
    expect(detections.map(linesOf)).toEqual([[1, 2, 3, 4, 5, 6, 100, 101, 102, 103]]);
  });
});

describe('of more findings than a file may have', () => {
  const many = (count: number, severityOf: (line: number) => Severity = () => 'medium') =>
    Array.from({ length: count }, (_, n) => ({
      secret: `${n + 1}`,
      line: n + 1,
      severity: severityOf(n + 1),
    }));

  test('the most severe are kept in the order of the file, and the others counted', () => {
    const { detections, more } = collected([
      ...many(30_000, (line) => severities[line % 3] ?? 'low'),
      { secret: 'last', line: 30_001, severity: 'critical' },
    ]);
    const kept = detections.map(({ line }) => line);
    expect(kept).toEqual([...Array.from({ length: 9999 }, (_, n) => 3 * n + 2), 30_001]);
    expect(more).toEqual({ low: 10_000, medium: 10_000, high: 1, critical: 0 });
  });

  test('each is counted once, however often it occurs', () => {
    const once = many(30_000);
    const { detections, more } = collected([...once, ...once, ...once]);
    expect(detections).toHaveLength(10_000);
    expect(detections.every(({ count }) => count === 3)).toBe(true);
    expect(more).toEqual({ low: 0, medium: 20_000, high: 0, critical: 0 });
  });

  test('one that was dropped comes back when it proves to be severe', () => {
    const { detections, more } = collected([
      ...many(15_000),
      { secret: '14999', line: 15_001, severity: 'critical' },
    ]);
    expect(detections.filter(({ severity }) => severity === 'critical')).toMatchObject([{ line: 15_001 }]);
    expect(detections.length + more.medium).toBe(15_000);
  });

  test('new ones are kept before known ones, and these before suppressed ones', () => {
    const standingOf = (line: number) => (line <= 9000 ? 'baseline' : line <= 18_000 ? 'known' : 'new');
    const { detections, more, suppressed, stillThere } = collected(
      many(19_000, (line) => (line > 18_000 ? 'low' : 'critical')),
      { standingOf },
    );
    const kept = detections.map(({ line }) => line);
    expect(kept).toEqual(Array.from({ length: 10_000 }, (_, n) => n + 9001));
    expect(more).toEqual({ low: 0, medium: 0, high: 0, critical: 0 });
    expect(suppressed).toEqual({ baseline: 9000 });
    expect(stillThere).toEqual([]);
  });

  test('known ones that are not kept are named', () => {
    const standingOf = (line: number) => (line <= 4 ? 'known' : 'new');
    const { detections, more, stillThere } = collected(many(10_003), { standingOf });
    expect(detections).toHaveLength(10_000);
    expect(stillThere).toEqual(
      ['2', '3', '4'].map((secret) => ({
        rule: 'r',
        severity: 'medium',
        fingerprint: hash('sha256', secret),
      })),
    );
    expect(more.medium).toBe(0);
  });

  test('one with a marker comes back when it occurs without', () => {
    const marker = 'gitleaks:allow';
    const marked = many(13_000).map((one) => ({ ...one, marker }));
    const { detections, suppressed } = collected([...marked, { secret: '12500', line: 13_001 }], {
      standingOf: (_, found) => (found === undefined ? 'new' : 'inline marker'),
    });
    expect(detections.find(({ line }) => line === 13_001)).toMatchObject({ count: 1 });
    expect(detections).toHaveLength(10_000);
    expect(suppressed).toEqual({ 'inline marker': 3000 });
  });

  test('every critical one is kept of a flood', () => {
    const { detections, more } = collected(
      many(900, (line) => (line % 3 === 0 ? 'critical' : 'high')),
      { limit: NARROW_FILE_LIMIT },
    );
    expect(detections.filter(({ severity }) => severity === 'critical')).toHaveLength(300);
    expect(detections).toHaveLength(400);
    expect(more).toEqual({ low: 0, medium: 0, high: 500, critical: 0 });
  });
});
