/** An administrator's input: arguments, environment, files, job documents, globs, custom rules. */
import { writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import * as fc from 'fast-check';
import { loadConfig } from '../../src/host/config/index.ts';
import { joinArguments, lintJob, splitArguments } from '../../src/host/job/index.ts';
import { type Platform, hostPlatform, inputReader } from '../../src/host/platform/index.ts';
import { loadTools } from '../../src/scan/task-build.ts';
import { type FuzzProperty, expectNoPollution, fuzz, inFolder, mutatedText, throwsOnly } from './property.ts';

const { compileExcludes, CustomRules, readRuleSet, secretsScan } = await loadTools();

const readInput = inputReader({ elevated: false, allowUntrusted: false });

const flags = [
  ...secretsScan.events.map(({ id }) => id),
  'dry-run',
  'standalone',
  'jitter',
  'report',
  'fail-on',
  'strict',
  'max-duration',
  'log-level',
  'keeper-api-base',
  'agent-user',
  'agent-timeout',
  'mqtt-version',
  'workers',
  'max-rate',
  'exclude',
  'job-id',
  'payload',
  'broker',
  'settings-request',
  'client-id-template',
  'help',
  '__proto__',
  '__proto__.x',
  'constructor.prototype.x',
  'no-strict',
  'x.y',
];
const values = [
  '',
  '1',
  '0',
  '-1',
  '1e999',
  'NaN',
  'true',
  'false',
  '99999h',
  '1s',
  '0s',
  '{"a":1}',
  '[object Object]',
  'high',
  'https://127.0.0.1:1',
  '\u202e',
  '__proto__',
];
const value = fc.oneof(fc.constantFrom(...values), fc.string());
const argument = fc.oneof(
  fc.constantFrom(...flags).map((flag) => `--${flag}`),
  fc.tuple(fc.constantFrom(...flags), value).map(([flag, text]) => `--${flag}=${text}`),
  value,
  fc.constantFrom('-', '--', '---', '-x', '-xyz', '--='),
);
const variable = fc.constantFrom(
  'SECRETS_SCAN_DRY_RUN',
  'SECRETS_SCAN_WORKERS',
  'SECRETS_SCAN_MAX_DURATION',
  'SECRETS_SCAN_EXCLUDE',
  'SECRETS_SCAN_NONE',
  'KEEPER_JOB_ID',
  'KEEPER_JOB_NAME',
  'SECRETS_SCAN___PROTO__',
  '__proto__',
);
const key = fc.oneof(
  fc.constantFrom(
    'dryRun',
    'maxDuration',
    'exclude',
    'payload',
    'workers',
    'config',
    'agentUser',
    'jobId',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string(),
);

/** Everything that JSON may contain, with keys that have a meaning somewhere. */
/** Values that cannot be converted to a number or a text. */
const odd = fc.constantFrom(
  { length: { toString: 1, valueOf: 1 } },
  { toString: 1 },

  { toJSON: 1 },
);
const document = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.tuple(key, odd)).map((entries): unknown => Object.fromEntries(entries)),
  fc.array(fc.tuple(key, fc.jsonValue())).map((entries): unknown => Object.fromEntries(entries)),
);

const load = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  throwsOnly(['usage', 'config'], () => loadConfig(argv, env, secretsScan, '0.0.0', { elevated: false }));

const jobFields = {
  id: 'a-b',
  name: 'n',
  enabled: true,
  priority: 5,
  schedule: { intervalMinutes: 60 },
  events: [{ eventType: 'Startup' }],
  eventTopic: 't',
  mqttTopics: { allowedPublications: ['KeeperLogger'], allowedSubscriptions: [] },
  parameters: [{ name: 'p' }],
  tasks: [
    {
      id: 't',
      ExecutionType: 'Service',
      command: 'secrets-scan',
      executablePath: '/opt/x',
      arguments: '--keeper-api-base={KeeperApiBaseUrl} {p}',
      timeoutSeconds: 60,
    },
  ],
  osFilter: { windows: false, linux: true, macOS: false },
};
const job = JSON.stringify(jobFields);

const rules = [
  `title = "t"\n[[rules]]\nid = "a"\ndescription = "d"\nregex = '''(?i)\\bkey[=:]"?([a-z0-9]{8,40})\\b'''\nsecretGroup = 1\nentropy = 2.5\nkeywords = ["key"]\n[[rules.allowlists]]\ncondition = "AND"\nregexes = ['''^a+$''']\nstopwords = ["example"]\n`,
  `[[rules]]\nid = "b"\nregex = "(a+)+$"\npath = '\\.env$'\n[allowlist]\npaths = ['x|y']\n[[rules]]\nid = "c"\nregex = '(x{1,30}){1,30}'\n[[rules.required]]\nid = "b"\nwithinLines = 3\n`,
];
const regex = fc.oneof(
  fc.constantFrom(
    '(a+)+$',
    '(a|a)*b',
    '(.*)*(.*)*x',
    '[a-z]{1,1000}',
    '((a{0,9}){0,9}){0,9}',
    '(?=a)',
    '\\1(a)',
    '(?<x>a)',
    '(?P<x>a)',
    '\\p{L}+',
    '[[:alpha:]]',
    '(?i)(?-i)',
    ')',
    '(',
    '[',
    '*',
    'a{99999}',
  ),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      '(',
      ')',
      '*',
      '+',
      '?',
      '{',
      '}',
      '1',
      ',',
      '|',
      '[',
      ']',
      '^',
      '$',
      '.',
      '\\',
      'w',
    ),
  }),
);
const ruleFile = fc.oneof(
  mutatedText(rules, 4),
  fc.string(),
  fc
    .tuple(regex, fc.array(fc.string(), { maxLength: 3 }), fc.double())
    .map(
      ([expression, keywords, entropy]) =>
        `[[rules]]\nid = "f"\nregex = ${JSON.stringify(expression)}\nkeywords = ${JSON.stringify(keywords)}\nentropy = ${Number.isFinite(entropy) ? entropy.toFixed(3) : '1.0'}\n`,
    ),
);
/** Texts for which a backtracking expression would take hours. */
const hard = Buffer.from(`${'a'.repeat(3000)}!key=${'ab'.repeat(2000)}\n${'x'.repeat(3000)}`);

const glob = fc.oneof(
  fc.string(),
  fc.string({
    unit: fc.constantFrom(
      '*',
      '**',
      '/',
      '?',
      '[',
      ']',
      '!',
      '{',
      '}',
      ',',
      'a',
      '(',
      ')',
      '|',
      '+',
      '@',
      '\\',
      '.',
    ),
  }),
);
const name = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\0/\\]/g, '_') || 'x');
const windows: Platform = { ...hostPlatform({}), os: 'windows', path: win32 };

export const configurationProperties: readonly FuzzProperty[] = [
  fuzz(
    'arguments are understood or refused by name',
    600,
    fc.array(argument, { maxLength: 6 }),
    async (argv) => {
      await load([
        '--standalone',
        ...argv.filter((one) => !one.includes('config') && !one.includes('rules')),
      ]);
      expectNoPollution();
    },
  ),
  fuzz(
    'variables are understood or refused by name',
    600,
    fc.array(fc.tuple(variable, value), { maxLength: 5 }),
    async (entries) => {
      await load(['--standalone'], Object.fromEntries(entries));
      expectNoPollution();
    },
  ),
  fuzz(
    'a configuration file is understood or refused',
    600,
    fc.oneof(
      document.map((one) => JSON.stringify(one)),
      mutatedText([
        '{"strict":true,"exclude":["a"],"payload":{"names":{"level":"l"}},"maxDuration":"5m"}',
        '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}',
      ]),
      fc.string(),
    ),
    (text) =>
      inFolder(async (folder) => {
        const file = join(folder, 'c.json');
        writeFileSync(file, text);
        await load(['--standalone', `--config=${file}`]);
        expectNoPollution();
      }),
  ),
  fuzz(
    'a job document has problems, or none, and never an exception',
    1500,
    fc.oneof(
      fc.jsonValue(),
      mutatedText([job]).map((text): unknown => {
        try {
          return JSON.parse(text);
        } catch {
          return text;
        }
      }),
      document,
      fc
        .tuple(fc.constantFrom(...Object.keys(jobFields)), odd)
        .map(([part, strange]): unknown => ({ ...jobFields, [part]: strange })),
    ),
    (one) => {
      const problems = lintJob(one, { fileName: 'a-b.json', os: 'linux' });
      if (!problems.every((problem) => typeof problem === 'string'))
        throw new Error('a problem is not a string');
      expectNoPollution();
    },
  ),
  fuzz(
    'arguments survive being joined and split',
    4000,
    fc.array(fc.string().filter((text) => !/[\0\r\n\v\f\u0085]/.test(text))),
    (args) => {
      const back = splitArguments(joinArguments(args));
      if (JSON.stringify(back) !== JSON.stringify(args))
        throw new Error(`${JSON.stringify(args)} became ${JSON.stringify(back)}`);
    },
  ),
  fuzz(
    'globs compile or are refused, and match any path in no time',
    1500,
    fc.tuple(fc.array(glob, { maxLength: 3 }), fc.array(name, { minLength: 1, maxLength: 5 })),
    async ([globs, names]) => {
      for (const platform of [hostPlatform({}), windows]) {
        const excludes = await throwsOnly(['config'], () => compileExcludes(globs, platform));
        const began = performance.now();
        excludes?.(platform.path.join('/root', ...names), names.at(-1) ?? '', '/root');
        if (performance.now() - began > 1000) throw new Error('a match takes more than a second');
      }
    },
  ),
  fuzz('custom rules are refused or run in linear time', 250, ruleFile, (text) =>
    inFolder(async (folder) => {
      const file = join(folder, 'rules.toml');
      writeFileSync(file, text);
      const set = await throwsOnly(['config'], () =>
        readRuleSet(file, new Set(), readInput, () => undefined),
      );
      if (set === undefined) return;
      const compiled = await throwsOnly(['config'], () => new CustomRules(set));
      const began = performance.now();
      compiled?.matchesIn({
        bytes: hard,
        base: 0,
        path: '/a/.env',
        occurrences: new Map(),
        from: 0,
        limit: hard.length,
        ends: new Map(),
      });
      compiled?.redact('key=abcdefgh12345678');
      // RE2 processes a megabyte per second at its slowest.
      if (performance.now() - began > 2000) throw new Error('10 KB take more than two seconds');
      expectNoPollution();
    }),
  ),
];
