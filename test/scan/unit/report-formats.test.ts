/** Details of the formats that a run over ordinary files does not show. */
import { expect, test } from '@jest/globals';
import { jsonReport, renderReport } from '../../../src/scan/report/index.ts';
import {
  example,
  finding,
  findingInBinary,
  findingInPlaces,
  withOutcome,
} from '../../../fixtures/report-example.ts';

const render = (format: string, change: Parameters<typeof withOutcome>[0] = {}) =>
  renderReport(format, jsonReport(withOutcome(change)));

test('CSV: no cell is a formula, and cells with quotes and commas are quoted', async () => {
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', 'a,"b"', 'plain=1'];
  const csv = await render('csv', { findings: texts.map((title) => ({ ...finding, title })) });
  const titles = csv.split('\r\n').map((line) => /github-token,(.*),\/home/.exec(line)?.[1]);
  expect(titles.slice(1, 11)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@SUM(A1)",
    "' =1",
    String.raw`\u0009=1`,
    String.raw`\u000d=1`,
    "'＝1",
    '"a,""b"""',
    'plain=1',
  ]);
});

test('no format keeps silent about what is not listed or was not scanned', async () => {
  const findings = [findingInPlaces, findingInBinary];
  const shipped = { ...finding, severity: 'low', shippedBy: 'acme 1.2' } as const;
  const change = {
    findings: [...findings, shipped],
    findingCount: { ...example.outcome.findingCount, critical: 9 },
    shipped: 1,
  };
  const csv = await render('csv', change);
  expect(csv).toContain('finding,host-1,critical,high,github-token,GitHub token,/home/anna/tool,,,4000,1,1,');
  expect(csv).toMatch(/^findings-not-listed,host-1,.*,8,/m);
  expect(csv).toMatch(/^not-scanned,host-1,.*,\/root\/x,.*,permission-denied,/m);
  expect(csv).toMatch(/^not-scanned-in-all,host-1,.*,2,.*,permission-denied,/m);
  const junit = await render('junit', change);
  expect(junit).toContain('<testsuite name="Findings" tests="4" failures="2" errors="1" skipped="1"');
  expect(junit).toContain('<error message="8 more were found"/>');
  expect(junit).toContain('<error message="2 not scanned: permission denied">/root/x</error>');
  expect(junit).toContain('<skipped message="in an unmodified file of the package acme 1.2"/>');
  const gitlab = await render('gitlab', change);
  expect(gitlab).toContain('"value": "Not scanned: 2 (permission denied)"');
  expect(gitlab).toContain('"value": "Findings that are not listed: 8"');
  const markdown = await render('markdown', change);
  expect(markdown).toContain(
    '### secrets-scan: 10 plaintext credentials on host-1, but not everything was scanned\n',
  );
  expect(markdown).toContain('1 more finding in unmodified files of packages.');
  expect(markdown).toContain('8 more are not listed here.');
  expect(markdown).toContain('<summary>Not scanned: 2</summary>');
  expect(markdown).toContain(
    '`/home/anna/a b/.env:3:7` (high confidence, checksum valid, readable by everyone, 5,000 times in this file, in 3 files)',
  );
});

test('nothing found and everything scanned: each format says so', async () => {
  const findingCount = { low: 0, medium: 0, high: 0, critical: 0 };
  const coverage = { ...example.outcome.coverage, unexamined: {}, gaps: [] };
  const clean = { findings: [], findingCount, coverage };
  expect((await render('csv', clean)).trimEnd()).not.toContain('\n');
  const junit = await render('junit', clean);
  expect(junit).toContain('<testsuites name="secrets-scan" tests="2" failures="0" errors="0" skipped="0"');
  expect(JSON.parse(await render('gitlab', clean))).toMatchObject({
    vulnerabilities: [],
    scan: { messages: [] },
  });
  expect(await render('markdown', clean)).toBe(
    '### secrets-scan: no plaintext credentials on host-1\n\nScanned 1,204 files in 12 folders.\n\nExit code 0: the run completed.\n',
  );
});

test('Markdown fits into a comment, whatever is found', async () => {
  const path = `/${'long name/'.repeat(3000)}x`;
  const findings = Array.from({ length: 5000 }, (_, index) => ({ ...finding, rule: `rule-${index}`, path }));
  const rules = findings.map(({ rule: id }) => ({
    id,
    title: '`@all`'.repeat(10),
    severity: 'high' as const,
    remediation: 'See https://example.com, or ask @all. '.repeat(50),
    source: '',
  }));
  const gaps = findings.map(() => ({ path, reason: 'permission-denied' }));
  const coverage = { ...example.outcome.coverage, gaps };
  const findingCount = { ...example.outcome.findingCount, critical: 5000 };
  const text = await render('markdown', { findings, findingCount, rules, coverage });
  expect(text.length).toBeLessThan(65_536);
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).toMatch(/4,\d{3} more are not listed here\.\n[^]*- and [\d,]+ more rules\n/);
  expect(text).toContain('Exit code 0: the run completed.\n');
  // A mention outside a code span would notify people.
  expect(text.replaceAll(/(`+) ?[^]*?[^`]\1(?!`)/g, '')).not.toContain('@');
});
