/**
 * SARIF against the standard: a strict schema of the objects that are written, names and requirements as in the OASIS
 * Standard's own JSON schema (sarif-schema-2.1.0.json), and what that schema cannot say.
 */
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { fileUri } from '../../../src/scan/report/file-uri.ts';
import { jsonReport } from '../../../src/scan/report/json.ts';
import { renderSarif } from '../../../src/scan/report/sarif.ts';
import {
  example,
  finding,
  findingInBinary,
  findingInPlaces,
  withOutcome,
} from '../../../fixtures/report-example.ts';

const Level = z.enum(['none', 'note', 'warning', 'error']);
const Message = z.strictObject({ text: z.string().min(1) });
const ValidUri = z.string().regex(/^[a-z]+:(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9A-F]{2})+$/i);
const RelativeUri = z.string().regex(/^(?:[\w\-.~/@!$&'()*+,;=]|%[0-9A-F]{2})+$/i);
const TextRegion = z.strictObject({
  startLine: z.int().min(1),
  startColumn: z.int().min(1),
  endLine: z.int().min(1),
  endColumn: z.int().min(1),
});
const BinaryRegion = z.strictObject({ byteOffset: z.int().min(0), byteLength: z.int().min(1) });
const Region = z.union([TextRegion, BinaryRegion]);
const Location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({
      uri: z.union([ValidUri, RelativeUri]),
      uriBaseId: z.string().optional(),
      index: z.int().min(0).optional(),
    }),
    region: Region.optional(),
  }),
});
const Properties = z.record(z.string(), z.unknown());
const Notification = z.strictObject({
  descriptor: z.strictObject({ id: z.string() }),
  level: Level,
  message: Message,
  locations: z.array(Location).optional(),
});
const Descriptor = z.strictObject({
  id: z.string(),
  shortDescription: Message.optional(),
  fullDescription: Message.optional(),
  help: Message.optional(),
  helpUri: ValidUri.optional(),
  defaultConfiguration: z.strictObject({ level: Level }).optional(),
  properties: Properties.optional(),
});
const Log = z.strictObject({
  $schema: ValidUri,
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          informationUri: ValidUri.optional(),
          rules: z.array(Descriptor),
          notifications: z.array(Descriptor),
        }),
      }),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          exitCode: z.int(),
          exitCodeDescription: z.string(),
          startTimeUtc: z.iso.datetime(),
          endTimeUtc: z.iso.datetime(),
          machine: z.string(),
          toolExecutionNotifications: z.array(Notification),
        }),
      ),
      originalUriBaseIds: z.record(z.string(), z.strictObject({ uri: ValidUri.endsWith('/') })).optional(),
      artifacts: z
        .array(
          z.strictObject({
            location: z.strictObject({
              uri: z.union([ValidUri, RelativeUri]),
              uriBaseId: z.string().optional(),
            }),
            parentIndex: z.int().min(0).optional(),
          }),
        )
        .optional(),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      redactionTokens: z.array(z.string()),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          rank: z.number().min(0).max(100),
          ruleIndex: z.int().min(0).optional(),
          level: Level,
          message: Message,
          locations: z.array(Location),
          occurrenceCount: z.int().min(1).optional(),
          partialFingerprints: z.record(z.string(), z.string()),
          properties: Properties,
        }),
      ),
      properties: Properties,
    }),
  ),
});

/** The one run of the log, as a reader of the file gets it. */
function runOf(input: typeof example) {
  const [run] = Log.parse(JSON.parse(renderSarif(jsonReport(input)))).runs;
  if (run === undefined) throw new Error('a log has a run');
  return run;
}

describe('renderSarif', () => {
  test('results name their rule, their place and their fingerprint', () => {
    const run = runOf(example);
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results).toHaveLength(3);
    for (const { ruleId, ruleIndex = -1 } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
    expect(run.results[1]).toMatchObject({
      level: 'error',
      message: { text: 'GitHub token: checksum valid.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'file:///home/anna/a%20b/.env' },
            region: { startLine: 12, startColumn: 7, endLine: 12, endColumn: 47 },
          },
        },
      ],
      partialFingerprints: { 'secretHmacSha256/v1': finding.fingerprint },
    });
  });

  test('a finding in a file of a package names the package, and the run counts it', () => {
    const shipped = { ...finding, severity: 'low' as const, shippedBy: 'acme 1.2' };
    const run = runOf(withOutcome({ findings: [shipped, finding], shipped: 1 }));
    expect(run.results[0]).toMatchObject({ level: 'note', properties: { shippedBy: 'acme 1.2' } });
    expect(run.results[1]?.properties).not.toHaveProperty('shippedBy');
    expect(run.properties).toMatchObject({ shipped: 1 });
  });

  test('a secret in several places is one result with their number and locations', () => {
    const { results } = runOf(withOutcome({ findings: [findingInPlaces] }));
    expect(results).toMatchObject([{ occurrenceCount: 5000, properties: { files: 3 } }]);
    const lines = results[0]?.locations.map(({ physicalLocation }) => physicalLocation.region);
    expect(lines).toMatchObject([{ startLine: 3 }, { startLine: 2 }, { startLine: 8 }]);
  });

  test('a finding in a container is in a nested artifact', () => {
    const inside = 'site.tar!/etc/a b.env';
    const nested = { ...finding, inside, path: `/home/anna/backup!/b.zip!/${inside}` };
    const { artifacts, results } = runOf(withOutcome({ findings: [nested, finding, nested] }));
    // The folder is called `backup!`.
    expect(artifacts).toEqual([
      { location: { uri: 'file:///home/anna/backup!/b.zip' } },
      { location: { uri: 'site.tar' }, parentIndex: 0 },
      { location: { uri: 'etc/a%20b.env' }, parentIndex: 1 },
    ]);
    const [inZip, inFile] = results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation);
    expect(inZip).toEqual({ uri: 'etc/a%20b.env', index: 2 });
    expect(inFile).not.toHaveProperty('index');
  });

  test('a finding in a binary is a region of bytes', () => {
    const { results } = runOf(withOutcome({ findings: [findingInBinary] }));
    expect(results[0]?.locations[0]?.physicalLocation.region).toEqual({ byteOffset: 4000, byteLength: 80 });
  });

  test.each([
    ['critical', 'error', '9.5'],
    ['high', 'error', '8.0'],
    ['medium', 'warning', '5.5'],
    ['low', 'note', '2.0'],
  ] as const)('%s is %s, %s', (severity, level, score) => {
    const rules = example.outcome.rules.map((rule) => ({ ...rule, severity }));
    const run = runOf(withOutcome({ rules, findings: [{ ...finding, severity }] }));
    expect(run.results[0]?.level).toBe(level);
    expect(run.tool.driver.rules).toHaveLength(1);
    expect(run.tool.driver.rules[0]).toMatchObject({
      help: { text: 'Revoke it in the settings of its owner.\n\nFormat: https://docs.github.com/tokens' },
      helpUri: 'https://docs.github.com/tokens',
      defaultConfiguration: { level },
      properties: { 'security-severity': score },
    });
  });

  test('a source that is not a URL is not a helpUri; a rule without a description has no index', () => {
    const findings = [
      { ...finding, rule: 'jwt' },
      { ...finding, rule: 'unknown' },
    ];
    const run = runOf(withOutcome({ findings }));
    expect(run.tool.driver.rules).toHaveLength(1);
    expect(run.tool.driver.rules[0]).not.toHaveProperty('helpUri');
    expect(run.results[1]).not.toHaveProperty('ruleIndex');
  });

  test('no gap is silent', () => {
    const run = runOf(withOutcome({ findings: [] }));
    const declared = run.tool.driver.notifications.map(({ id }) => id);
    const said = run.invocations[0]?.toolExecutionNotifications ?? [];
    expect(said.map(({ message }) => message.text)).toEqual([
      'Not scanned: permission denied.',
      'Not scanned in all: 2 (permission denied).',
      'Findings left out of this report: 3.',
    ]);
    for (const { descriptor } of said) expect(declared).toContain(descriptor.id);
    expect(said[0]?.locations?.[0]?.physicalLocation.artifactLocation.uri).toBe('file:///root/x');
  });

  test.each([
    ['linux', ['/home/anna'], '/home/anna/a b/c:d', 'file:///home/anna/', 'a%20b/c%3Ad'],
    ['linux', ['/'], '/home/x', 'file:///', 'home/x'],
    ['linux', ['/home/anna/.env'], '/home/anna/.env', 'file:///home/anna/', '.env'],
    ['windows', ['C:\\Users\\A'], 'C:\\Users\\A\\b\\c', 'file:///C:/Users/A/', 'b/c'],
    ['linux', ['/home/anna'], '/home/annabel/x', 'file:///home/anna/', undefined],
    ['linux', ['/home/a', '/home/b'], '/home/a/x', undefined, undefined],
    ['linux', undefined, '/home/a/x', undefined, undefined],
  ] as const)('%s: roots %j, file %s', (os, roots, path, base, uri) => {
    const input = withOutcome({ ...(roots !== undefined && { roots }), findings: [{ ...finding, path }] });
    const run = runOf({ ...input, host: { name: 'host-1', os } });
    expect(run.originalUriBaseIds?.['%SRCROOT%']?.uri).toBe(base);
    expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual(
      uri === undefined ? { uri: fileUri(path, os) } : { uri, uriBaseId: '%SRCROOT%' },
    );
  });

  test.each([
    [0, true],
    [10, true],
    [11, false],
    [69, false],
    [70, false],
  ])('exit code %d', (exitCode, executionSuccessful) => {
    expect(runOf({ ...example, exitCode }).invocations[0]).toMatchObject({ exitCode, executionSuccessful });
  });
});

describe('fileUri', () => {
  test.each([
    ['linux', '/home/a b/é.txt', 'file:///home/a%20b/%C3%A9.txt'],
    ['linux', '/a\\b', 'file:///a%5Cb'],
    ['linux', '/100%?#', 'file:///100%25%3F%23'],
    ['macOS', '/[redacted]|^"<>`{}\n\t', 'file:///%5Bredacted%5D%7C%5E%22%3C%3E%60%7B%7D%0A%09'],
    ['linux', '/\u001b\u202e\ud800', 'file:///%1B%E2%80%AE%EF%BF%BD'],
    ['windows', 'C:\\Users\\A B\\x#1.txt', 'file:///C:/Users/A%20B/x%231.txt'],
    ['windows', '\\\\server\\share\\a b.txt', 'file://server/share/a%20b.txt'],
    ['windows', '\\\\?\\C:\\long\\x', 'file:///C:/long/x'],
    ['windows', '\\\\?\\UNC\\server\\share\\x', 'file://server/share/x'],
    ['windows', '\\\\[redacted]\\share', 'file://%5Bredacted%5D/share'],
    ['linux', 'process:/opt/a b!/environment/X', 'process:/opt/a%20b!/environment/X'],
    ['windows', 'registry:HKEY_USERS\\S-1!/X', 'registry:HKEY_USERS%5CS-1!/X'],
    ['linux', '//x/./y', 'file:////x/./y'],
  ] as const)('%s %j', (os, path, uri) => {
    expect(fileUri(path, os)).toBe(uri);
    expect(() => ValidUri.parse(uri)).not.toThrow();
  });
});
