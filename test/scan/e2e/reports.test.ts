/**
 * Reports in each format, from one run over files whose names are made to break them: what parsers of other people read from them, that no
 * name can act as anything but a name, and that no secret is in them.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import multitool from '@microsoft/sarif-multitool';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { plantable } from '../../../fixtures/tokens.ts';
import { printable } from '../../../src/host/log/index.ts';
import { type JsonReport, readReport, renderReport, reportFormats } from '../../../src/scan/report/index.ts';
import { JsonLine } from '../../../src/scan/report/schema.ts';
import { linux, pythonModule, testWith } from '../../tool.ts';
import { type Ended, byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

const x64 = { name: 'x64', isMet: process.arch === 'x64', isGiven: true };

/** Not all of them are names on Windows. */
const names =
  process.platform === 'win32'
    ? ['plain.env', "it's =1+1 [x](y) @all #1.env"]
    : [
        'plain.env',
        'line\nbreak\r\n]]> "double" \'single\' <b>&amp;.env',
        '`tick` ``two`` **bold** @all #1 [x](y) <img src=x>.env',
        'bidi\u202etxt\u2066 \u001b[31mred\u009b.env',
        'a:b c%20d?e#f\\g,h;i|j\u{1f600}.env',
      ];
const token = plantable('github-classic-token');
const formats = Object.keys(reportFormats);

let tree = '';
let folder = '';
let run: Ended;
let json: JsonReport;
const fileOf = (format: string) => join(folder, `report.${format}`);
const textOf = (format: string) => readFileSync(fileOf(format), 'utf8');

beforeAll(async () => {
  tree = newFolder('tree');
  folder = newFolder('reports');
  for (const name of names) writeFileSync(join(tree, name), `TOKEN=${token}\n`);
  if (linux.isMet) writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0x6e, 0xff])]), 'x');
  run = await byHand([
    '--dry-run',
    ...formats.map((format) => `--report=${format}:${fileOf(format)}`),
    '--report=jsonl:-',
    tree,
  ]);
  json = await readReport(fileOf('json'));
});
afterAll(cleanUp);

test('one run writes all of them, and nothing in them is a secret or controls a terminal', () => {
  expect(run.code).toBe(0);
  for (const text of [...formats.map(textOf), run.stdout]) {
    expect(text).not.toContain(token);
    expect(text.replaceAll(/\r?\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
  expect(json.outcome.findings.map(({ path }) => path).sort()).toEqual(
    names.map((name) => join(tree, name)).sort(),
  );
  expect(json.outcome.roots).toEqual([tree]);
  if (linux.isMet) expect(json.outcome.coverage.unexamined).toEqual({ 'name-not-unicode': 1 });
});

test('JSON Lines on standard output are the findings as they were found, then the summary', () => {
  const lines = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JsonLine.parse(JSON.parse(line)));
  const summary = lines.pop();
  expect(summary).toMatchObject({ type: 'summary', findings: names.length });
  const { findings, ...outcome } = json.outcome;
  // In how many files a secret is, is not known yet.
  const found = lines.map((line) => ({ ...line, files: names.length }));
  expect(found).toEqual(findings.map((finding) => ({ type: 'finding', ...finding })));
  expect(summary).toEqual({
    ...json,
    endedAt: expect.anything(),
    type: 'summary',
    findings: findings.length,
    outcome,
  });
});

test('SARIF has one result for each finding, relative to the root', () => {
  const Sarif = z.object({
    runs: z.tuple([
      z.object({
        originalUriBaseIds: z.object({ '%SRCROOT%': z.object({ uri: z.string() }) }),
        results: z.array(
          z.object({
            locations: z.tuple([
              z.object({
                physicalLocation: z.object({
                  artifactLocation: z.object({ uri: z.string(), uriBaseId: z.literal('%SRCROOT%') }),
                }),
              }),
            ]),
          }),
        ),
      }),
    ]),
  });
  const [{ originalUriBaseIds, results }] = Sarif.parse(JSON.parse(textOf('sarif'))).runs;
  const base = originalUriBaseIds['%SRCROOT%'].uri;
  const uris = results.map(({ locations: [place] }) => place.physicalLocation.artifactLocation.uri);
  expect(uris.map(decodeURIComponent).sort()).toEqual(names.toSorted());
  for (const uri of uris) expect(new URL(uri, base).href).toBe(base + uri);
});

testWith(linux, x64)(
  "SARIF: Microsoft's validator objects to nothing, with the rules of GitHub's code scanning",
  () => {
    const policy = join(folder, 'policy.xml');
    // This rule asks the internet for each page that a report names.
    const rule = 'SARIF2006.UrisShouldBeReachable.Options';
    writeFileSync(
      policy,
      `<Properties><Properties Key="${rule}"><Property Key="RuleEnabled" Value="Disabled"/></Properties></Properties>`,
    );
    chmodSync(multitool, 0o755);
    const broken = join(folder, 'broken.sarif');
    writeFileSync(broken, textOf('sarif').replace('"columnKind"', '"columns"'));
    const options = ['--config', policy, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning'];
    const { stdout } = spawnSync(multitool, ['validate', fileOf('sarif'), broken, ...options], {
      encoding: 'utf8',
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    const objections = stdout.split('\n').filter((line) => /\): (?:error|warning) /.test(line));
    expect(objections).toEqual([expect.stringMatching(/broken\.sarif.*: error JSON1005: .*'columns'/)]);
  },
);

testWith(pythonModule('csv'))('CSV, as Python reads it', () => {
  const rows = z
    .array(z.record(z.string(), z.string()))
    .parse(
      python('csv', 'list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))'),
    );
  const found = rows.filter(({ type }) => type === 'finding');
  expect(new Set(found.map(({ path }) => path))).toEqual(
    new Set(names.map((name) => printable(join(tree, name)))),
  );
  expect(rows.slice(found.length).map(({ type, evidence }) => [type, evidence])).toEqual(
    linux.isMet
      ? [
          ['not-scanned', 'name-not-unicode'],
          ['not-scanned-in-all', 'name-not-unicode'],
        ]
      : [],
  );
  expect(textOf('csv')).toMatch(/^[^\r\n]+(?:\r\n[^\r\n]+)*\r\n$/);
});

testWith(pythonModule('xml.etree.ElementTree'))('JUnit, as Python reads it', () => {
  const cases = z
    .array(z.tuple([z.string().nullable(), z.array(z.string())]))
    .parse(
      python(
        'xml.etree.ElementTree',
        '[[c.get("file"), [e.tag for e in c]] for c in xml.etree.ElementTree.parse(sys.argv[1]).iter("testcase")]',
        'junit',
      ),
    );
  const failed = cases.filter(([, results]) => results.includes('failure'));
  expect(new Set(failed.map(([path]) => path))).toEqual(new Set(names.map(printable)));
  expect(cases.length - failed.length).toBe(1);
  expect(textOf('junit')).toContain(`<testsuites name="secrets-scan" tests="${names.length + 1}"`);
});

test('GitLab: what its schema of version 15.2.1 requires', () => {
  const Time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
  const text = z.string().min(1);
  const Program = z.strictObject({
    id: text,
    name: text,
    version: text,
    url: z.string().regex(/^https?:\/\/.+/),
    vendor: z.strictObject({ name: text }),
  });
  const Report = z.strictObject({
    version: z.literal('15.2.1'),
    schema: z.url(),
    scan: z.strictObject({
      analyzer: Program,
      scanner: Program,
      type: z.literal('secret_detection'),
      start_time: Time,
      end_time: Time,
      status: z.literal('success'),
      messages: z.array(z.strictObject({ level: z.enum(['info', 'warn', 'fatal']), value: text })),
    }),
    vulnerabilities: z.array(
      z.strictObject({
        id: z.uuid(),
        name: z.string().max(255),
        description: z.string(),
        severity: z.enum(['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical']),
        solution: z.string().max(7000),
        identifiers: z.tuple([z.strictObject({ type: text, name: text, value: text, url: z.url() })]),
        location: z.strictObject({
          file: z.string(),
          start_line: z.number(),
          end_line: z.number(),
          commit: z.strictObject({ sha: text }),
        }),
        details: z.record(
          z.string(),
          z.strictObject({ name: text, type: z.literal('text'), value: z.string() }),
        ),
      }),
    ),
  });
  const { vulnerabilities } = Report.parse(JSON.parse(textOf('gitlab')));
  expect(vulnerabilities.map(({ location }) => location.file).sort()).toEqual(names.toSorted());
  expect(new Set(vulnerabilities.map(({ id }) => id)).size).toBe(names.length);
});

test('Markdown shows each name in a code span of one line', () => {
  const items = textOf('markdown').match(/^- GitHub.*/gm) ?? [];
  // The last one is the remedy.
  expect(items).toHaveLength(names.length + 1);
  for (const name of names) {
    const longest = Math.max(0, ...(name.match(/`+/g) ?? []).map(({ length }) => length));
    const fence = '`'.repeat(longest + 1);
    const padding = name.startsWith('`') ? ' ' : '';
    const span = `: ${fence}${padding}${printable(name)}:1:7${padding}${fence} (`;
    expect(items.some((item) => item.includes(span))).toBe(true);
  }
});

describe('report convert', () => {
  test('a JSON report gives what the run has written in each format', async () => {
    for (const format of formats) {
      const converted = await renderReport(format, json);
      if (format.startsWith('json')) expect(objectsIn(converted)).toEqual(objectsIn(textOf(format)));
      else expect(converted).toBe(textOf(format));
    }
  });

  test('writes a file in the format of its extension, or prints the text of a terminal', async () => {
    const output = join(folder, 'converted.sarif');
    const { code, stdout, stderr } = await byHand(['report', 'convert', fileOf('json'), '--output', output]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(output, 'utf8')).toBe(textOf('sarif'));
    const text = await byHand(['report', 'convert', fileOf('json')]);
    expect(text).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Exit code 0: the run completed\n'),
    });
  });

  test.each([
    [[], 64, 'name one JSON report: report convert FILE --to FORMAT'],
    [['--output=x.pdf', 'REPORT'], 64, 'the report x.pdf needs one of these extensions'],
    [
      ['OTHER'],
      78,
      'other.json: it is not a JSON report of this program: it has a different structure or version; create one',
    ],
    [['--to=csv', '--output=/does/not/exist', 'REPORT'], 73, 'the report /does/not/exist cannot be written'],
  ])('%j ends with %i', async (args, code, message) => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"schemaVersion": 3}');
    const files: Readonly<Record<string, string>> = { REPORT: fileOf('json'), OTHER: other };
    const ended = await byHand(['report', 'convert', ...args.map((arg) => files[arg] ?? arg)]);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr.trimEnd()).not.toContain('\n');
  });
});

/** The objects of a JSON or JSON Lines report: the order of keys may differ. */
function objectsIn(text: string): unknown[] {
  return text.startsWith('{\n')
    ? [JSON.parse(text)]
    : text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
}

/** What an expression gives for the file of a format, read by a module of Python. */
function python(module: string, expression: string, format = module): unknown {
  const program = `import ${module}, json, sys; print(json.dumps(${expression}))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program, fileOf(format)], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}
