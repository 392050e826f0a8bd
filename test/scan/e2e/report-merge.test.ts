/** `report merge` as a process: reports and records of several machines become one page, and nothing is lost without a word. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MachineOptions, machineReport } from '../../../fixtures/page-reports.ts';
import { renderReport } from '../../../src/scan/report/index.ts';
import type { PageData, PageFinding } from '../../../src/scan/report/html/page-data.ts';
import { type Ended, byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterAll(cleanUp);

let folder: string;
const write = (name: string, content: unknown) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
};
const merge = (...args: readonly string[]) => byHand(['report', 'merge', ...args], { cwd: folder });

/** The data in a page. */
function dataIn(page: string): PageData {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

/** A report, changed. */
function report(
  options: MachineOptions,
  change: (outcome: Report['outcome']) => Partial<Report['outcome']> = () => ({}),
) {
  const made = machineReport(options);
  // What the page says is to follow from the reports, not from what each run knew of earlier ones.
  const outcome = {
    ...made.outcome,
    lifecycle: undefined,
    suppressed: {},
    findings: made.outcome.findings.map((finding) => ({ ...finding, history: undefined })),
    coverage: { ...made.outcome.coverage, unexamined: {}, gaps: [] },
  };
  return { ...made, outcome: { ...outcome, ...change(outcome) } };
}
type Report = ReturnType<typeof machineReport>;

/** A record as a line of JSON. */
function line(event: string, host: string, day: string, data: object): string {
  return JSON.stringify({
    level: 'Warning',
    message: event,
    source: 'secrets-scan',
    event,
    host,
    timestamp: `${day}T05:00:00.000Z`,
    data,
  });
}
const fields = {
  rule: 'github-fine-grained-token',
  severity: 'critical',
  confidence: 'high',
  path: '/home/eve/.env',
  line: 3,
  column: 1,
};
const counts = { low: 0, medium: 0, high: 0, critical: 1 };
const summary = {
  findings: counts,
  files: 10,
  folders: 2,
  bytes: 4000,
  skipped: {},
  unexamined: {},
  seconds: 1,
};

describe('a fleet', () => {
  let ended: Ended;
  let data: PageData;
  const on = (machine: string): PageFinding[] =>
    data.findings.filter(({ m }) => data.machines[m]?.name === machine);

  beforeAll(async () => {
    folder = newFolder('fleet');
    const linux = { os: 'linux', name: 'web-1' } as const;
    // In the newest report, two findings are missing, one of them because its rule is disabled, and one is new.
    const newest = report({ ...linux, findings: 13 }, ({ findings }) => {
      const [first] = findings;
      const missing = [first, findings.find(({ rule }) => rule !== first?.rule)];
      return {
        findings: findings.filter((finding) => !missing.includes(finding)),
        disabledRules: missing.slice(0, 1).flatMap((finding) => finding?.rule ?? []),
      };
    });
    write('in/web-1/old.json', report({ ...linux, findings: 12, endedAt: '2026-11-01T06:00:00.000Z' }));
    write('in/web-1/new.json', newest);
    write('in/web-1/copy of new.json', newest);
    // The newest report of this machine could not read everything.
    write(
      'in/web-2.json',
      report({ ...linux, name: 'web-2', findings: 12, endedAt: '2026-11-02T06:00:00.000Z' }),
    );
    write(
      'in/web-2b.json',
      report({ ...linux, name: 'web-2', findings: 11 }, ({ coverage }) => ({
        coverage: { ...coverage, unexamined: { 'permission-denied': 1 } },
      })),
    );
    // The newest report of this machine has no finding, and so no fingerprint key.
    const cleaned = { os: 'linux', name: 'web-3' } as const;
    write('in/web-3a.json', report({ ...cleaned, findings: 2, endedAt: '2026-11-01T06:00:00.000Z' }));
    write('in/web-3b.json', report({ ...cleaned, findings: 0, fingerprintKey: '' }));
    const old = { name: 'OLD', fingerprintKey: 'another', endedAt: '2026-08-01T06:00:00.000Z' };
    write('in/old.jsonl', await renderReport('jsonl', report({ ...old, findings: 0 })));
    // A JSON Lines report without its end may lack findings as well.
    const lines = await renderReport('jsonl', report({ findings: 3 }));
    write('in/unfinished.jsonl', lines.split('\n').slice(0, 3).join('\n'));
    write(
      'in/log.jsonl',
      [
        'something else',
        line('scan.finding', 'db-1', '2026-11-20', {
          ...fields,
          fingerprint: 'aa'.repeat(8),
          exposure: 'readable by everyone; owner 0',
        }),
        line('scan.finding', 'db-1', '2026-11-20', { ...fields, fingerprint: 'bb'.repeat(8) }),
        line('run.summary', 'db-1', '2026-11-20', summary),
        line('scan.finding-resolved', 'db-1', '2026-11-21', { ...fields, fingerprint: 'bb'.repeat(8) }),
        line('run.summary', 'db-1', '2026-11-21', summary),
      ].join('\n'),
    );
    write('in/bad.json', '{"password": "correct horse"}');
    write('in/cut.json', '{"schemaVersion": 2, "tool"');
    write('in/empty.log', 'no record at all\n');
    write('in/notes.txt', 'not a report');
    symlinkSync('/etc/passwd', join(folder, 'in/link.json'));
    write('teams.csv', 'Owner,Machine,Team\n,WEB-1,"Shop, online"\ndana,,Data\n');
    ended = await merge('in', '--teams=teams.csv', '--output=fleet.html');
    data = dataIn(readFileSync(join(folder, 'fleet.html'), 'utf8'));
  });

  test('names what it left out, quotes nothing of it, and says so with its exit code', () => {
    expect(ended.code).toBe(65);
    const named = ended.stderr.match(/(?<=in\/)\S+(?=:)/g)?.toSorted();
    expect(named).toEqual(['bad.json', 'cut.json', 'empty.log', 'link.json', 'unfinished.jsonl']);
    expect(ended.stderr + JSON.stringify(data)).not.toContain('correct horse');
    expect(data.warnings[0]).toMatch(/^5 files were left out: .*bad\.json/);
    expect(ended.stdout).toMatch(/^fleet\.html: 5 machines, \d+ findings, from 9 files\n$/);
  });

  test('shows each machine by its newest report', () => {
    expect(data.machines.map(({ name, reports, endedAt }) => [name, reports, endedAt.slice(0, 10)])).toEqual([
      ['OLD', 1, '2026-08-01'],
      ['db-1', 0, '2026-11-21'],
      ['web-1', 2, '2026-11-30'],
      ['web-2', 2, '2026-11-30'],
      ['web-3', 2, '2026-11-30'],
    ]);
  });

  test('compares the reports of a machine', () => {
    const states = (machine: string) =>
      Object.entries(Object.groupBy(on(machine), ({ state }) => `${state}`));
    const numbers = (machine: string) =>
      Object.fromEntries(states(machine).map(([state, all]) => [state, all?.length]));
    expect(numbers('web-1')).toEqual({ new: 1, persisting: 10, gone: 1, unconfirmed: 1 });
    expect(data.warnings).toContain(
      'On 1 machine, some rules are disabled, and secrets of their kinds are not found: web-1.',
    );
    expect(numbers('web-3')).toEqual({ gone: 2 });
    // What an incomplete scan does not show is not gone.
    expect(numbers('web-2')).toEqual({ persisting: 11, unconfirmed: 1 });
    const since = (state: string) =>
      on('web-1')
        .find((finding) => finding.state === state)
        ?.since?.slice(0, 10);
    expect([since('persisting'), since('gone'), since('new')]).toEqual([
      '2026-11-01',
      '2026-11-01',
      '2026-11-30',
    ]);
  });

  test('takes findings, resolutions and coverage from records, and the texts of rules from the program', () => {
    expect(on('db-1').map(({ fp, state, owner }) => [fp, state, owner])).toEqual([
      ['aa'.repeat(8), 'persisting', '0'],
      ['bb'.repeat(8), 'gone', undefined],
    ]);
    const rule = data.rules[on('db-1')[0]?.r ?? -1];
    expect(rule).toMatchObject({
      id: 'github-fine-grained-token',
      remediation: expect.stringMatching(/Revoke/),
    });
    expect(data.machines[1]).toMatchObject({ counts, coverage: { files: 10 } });
  });

  test('finds the same secret on several machines, and says when it cannot', () => {
    const of = (machine: string) => new Set(on(machine).map(({ fp }) => fp));
    expect([...of('web-1')].some((fp) => of('web-2').has(fp))).toBe(true);
    expect(data.warnings.join('\n')).toMatch(
      /2 fingerprint keys[^]*Log lines do not say[^]*30 days from 1 machine: OLD/,
    );
  });

  test('knows the teams', () => {
    expect(data.machines.map(({ team }) => team)).toEqual([
      undefined,
      undefined,
      'Shop, online',
      undefined,
      undefined,
    ]);
    const teams = on('web-1').map(({ owner, team }) => [owner === 'dana', team]);
    expect(new Set(teams.map(String))).toEqual(new Set(['true,Data', 'false,Shop, online']));
  });

  test('counts the findings over time', () => {
    const total = (day: string) => {
      const found = data.trend?.find((point) => point.day === day)?.counts;
      return found && found.low + found.medium + found.high + found.critical;
    };
    expect(data.trend?.map(({ day }) => day)).toEqual([
      '2026-08-01',
      '2026-11-01',
      '2026-11-02',
      '2026-11-20',
      '2026-11-21',
      '2026-11-30',
    ]);
    expect(total('2026-08-01')).toBe(0);
    expect(total('2026-11-20')).toBe((total('2026-11-02') ?? 0) + 1);
  });
});

describe('mistakes', () => {
  beforeAll(() => {
    folder = newFolder('fleet');
    write('empty/notes.txt', '');
    write('in/a.json', report({ findings: 1 }));
    write('teams.csv', 'machine;team\n');
  });

  test.each([
    [[], 64, /name at least one folder/],
    [['nowhere'], 66, /nowhere does not exist/],
    [['empty'], 65, /no usable report; nothing was written/],
    [['in', '--output=page.pdf'], 64, /page\.pdf: the page needs the extension \.html/],
    [['in', '--output=none/page.html'], 73, /page none\/page\.html cannot be written: no such file/],
    [['in', '--teams=teams.csv'], 78, /teams\.csv: its first line must name the columns/],
  ])('%j ends with %i', async (args, code, message) => {
    const ended = await merge(...args);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code,
      stderr: expect.stringMatching(message),
    });
  });
});
