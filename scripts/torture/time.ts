/**
 * Texts that are crafted to cost time: none may take more CPU than `SECURITY.md` promises, and SIGTERM in the
 * middle of one must end the run within two seconds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Report, type Row, type Trial, howEnded, sleep } from './harness.ts';
import { draw, fakeLine } from './tokens.ts';

/** Maximum seconds of CPU of a run: for each million bytes, ... */
const PER_MEGABYTE = 0.5;
/** ... and for each place of a finding, from the match to the record; with state, it is compared and stored as well. */
const PER_FINDING = { '--dry-run': 0.000_05, '--standalone': 0.000_15 };
const MEGABYTES = 2;

/** In how many places the findings of a report are; one for each that is not listed. */
function countPlaces(report: Report | undefined): number {
  const { findings = [], findingCount = {} } = report?.outcome ?? {};
  const all = Object.values(findingCount).reduce((sum, count) => sum + count, 0);
  return all + findings.reduce((sum, { count }) => sum + count - 1, 0);
}

interface Slow {
  readonly text: string;
  /** Name of the file, whose kind determines which rules run. */
  readonly file?: string;
  readonly isShort?: boolean;
}

/** The repeated texts. The first ones were slow once; the others are similar. */
const texts: readonly Slow[] = [
  { text: '%75://', isShort: true },
  { text: '%75:a@', isShort: true },
  { text: 'SECRET_KEY=', file: 'appveyor.yml', isShort: true },
  { text: '_authToken=', isShort: true },
  { text: 'key=', isShort: true },
  { text: '%75%3A%2F%2F' },
  { text: '%2575://' },
  { text: 'u://a:a@' },
  { text: 'https://a:a@' },
  { text: '://' },
  { text: ':a@' },
  { text: 'a:a@a ' },
  { text: 'SECRET_KEY=', file: 'x.env' },
  { text: 'SECRET_KEY: ', file: '.travis.yml' },
  { text: 'secure: ', file: 'appveyor.yml' },
  { text: '_authToken=', file: '.npmrc' },
  { text: '_auth=', file: '.npmrc' },
  { text: '_password=' },
  { text: 'password=' },
  { text: 'password=a' },
  { text: 'password = "', file: 'x.ini' },
  { text: 'password: ', file: 'x.yml' },
  { text: 'password:\n', file: 'x.yaml' },
  { text: "password='a", file: 'x.py' },
  { text: 'token=' },
  { text: 'secret=' },
  { text: 'api_key=' },
  { text: 'key:' },
  { text: 'key"=>"' },
  { text: 'key=key=' },
  { text: 'key = ' },
  { text: '{"key":' },
  { text: 'AWS_SECRET_ACCESS_KEY=' },
  { text: 'aws_secret_access_key = ', file: 'credentials' },
  { text: 'Authorization: Basic ' },
  { text: 'Authorization: Bearer ' },
  { text: 'Bearer ' },
  { text: 'eyJ' },
  { text: 'eyJhbGciOi.' },
  { text: 'eyJ.eyJ.' },
  { text: 'xoxb-' },
  { text: 'AKIA' },
  { text: 'ghp_' },
  { text: 'AIza' },
  { text: 'sk_live_' },
  { text: '-----BEGIN ' },
  { text: '-----BEGIN PRIVATE KEY-----' },
  { text: '-----BEGIN PRIVATE KEY-----\\n' },
  { text: '<password>', file: 'x.xml' },
  { text: '<add key="', file: 'web.config' },
  { text: 'connectionString="', file: 'web.config' },
  { text: 'Password=;', file: 'web.config' },
  { text: 'Server=;Password=' },
  { text: '\\u0070' },
  { text: '\\x70' },
  { text: '&#112;' },
  { text: 'cGFzc3dvcmQ' },
  { text: 'cGFzc3dvcmQ9' },
  { text: 'cGFz\nc3dv\n' },
  { text: 'A' },
  { text: 'a=' },
  { text: '=' },
  { text: '"' },
  { text: "'" },
  { text: '\\' },
  { text: '{{' },
  { text: '${' },
  { text: '$ENC[' },
  { text: 'machine a login a password ', file: '.netrc' },
  { text: '*:*:*:*:', file: '.pgpass' },
  { text: 'mysql -p' },
  { text: 'curl -u a:' },
  { text: '--password ' },
  { text: '--password=' },
  { text: 'export PASSWORD=' },
  { text: 'docker login -p ' },
  { text: 'setx KEY ', file: 'x.bat' },
  { text: 'define("KEY", "', file: 'x.php' },
  { text: '@' },
  { text: 'a@a.a:' },
  { text: '0123456789abcdef' },
  { text: '$2a$10$' },
  { text: 'account_key=' },
  { text: 'SharedAccessKey=' },
  { text: 'sig=%' },
  { text: 'https://hooks.slack.com/services/' },
  { text: 'https://discord.com/api/webhooks/' },
  { text: 'secret' },
  { text: 'secret token key password ' },
];

async function cpuOfNothing(trial: Trial): Promise<number> {
  const empty = trial.makeFolder('empty');
  writeFileSync(join(empty, 'x.txt'), 'key=1\n');
  let least = Infinity;
  for (let round = 0; round < 2; round += 1)
    least = Math.min(least, (await trial.scan(['--dry-run', empty])).cpuSeconds);
  return least;
}

function repeat(text: string, megabytes: number): string {
  return text.repeat(Math.ceil((megabytes * 1e6) / text.length));
}

async function measureAll(
  trial: Trial,
  chosen: readonly Slow[],
  shape: (text: string) => string,
): Promise<void> {
  const base = await cpuOfNothing(trial);
  let worst = { cost: 0, text: '' };
  let number = 0;
  for (const { text, file = 'x.txt' } of chosen) {
    number += 1;
    const path = trial.path(`t${number}`, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, shape(text));
    const report = trial.path(`t${number}.json`);
    const args = ['--dry-run', '--workers=1', `--report=${report}`, dirname(path)];
    const ended = await trial.scan(args, { wall: 60 });
    const seconds = ended.cpuSeconds - base;
    const cost = seconds / MEGABYTES;
    const places = countPlaces(trial.readReport(report));
    const what = `${JSON.stringify(text)} in ${file}, ${places} places`;
    const allowed = PER_MEGABYTE * MEGABYTES + PER_FINDING['--dry-run'] * places;
    trial.check(ended.limit === null, `${what}: ${howEnded(ended)}`);
    trial.check(seconds <= allowed, `${what}: ${cost.toFixed(2)} s/MB`);
    if (cost > worst.cost) worst = { cost, text: what };
  }
  trial.measure(`at most ${worst.cost.toFixed(2)} s/MB: ${worst.text}`);
}

async function terminateDuring(trial: Trial, chosen: readonly Slow[]): Promise<void> {
  let slowest = 0;
  let number = 0;
  let inTheMiddle = 0;
  for (const { text, file = 'x.txt' } of chosen) {
    number += 1;
    const folder = trial.path(`t${number}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), repeat(text, 100));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { pid, ended } = await trial.start(['--dry-run', '--workers=1', folder], { wall: 40 });
      await sleep(700);
      const sent = performance.now();
      try {
        process.kill(pid, signal);
      } catch {
        await ended;
        continue;
      }
      const how = await ended;
      const seconds = (performance.now() - sent) / 1000;
      inTheMiddle += 1;
      slowest = Math.max(slowest, seconds);
      const expected = signal === 'SIGTERM' ? 143 : 130;
      trial.check(seconds <= 2, `${JSON.stringify(text)}: ${signal} waits ${seconds.toFixed(1)} s`);
      trial.check(
        how.code === expected || how.code === 0,
        `${JSON.stringify(text)}: ${signal} ends with ${howEnded(how)}`,
      );
      if (trial.isShort) break;
    }
  }
  trial.check(inTheMiddle > 0, 'no signal came in the middle');
  trial.measure(`at most ${slowest.toFixed(1)} s after the signal`);
}

const formerlySlow = texts.filter(({ isShort }) => isShort === true);

/**
 * Findings as dense as possible. Each one is judged, hashed, redacted, compared with earlier runs, stored and
 * logged, which has a limit of its own: a megabyte has room for 35,000 of these lines.
 */
function denseRow(
  name: string,
  files: number,
  each: number,
  text: (file: number, line: number) => string,
): Row {
  return {
    name: `time/${name}`,
    run: async (trial) => {
      const base = await cpuOfNothing(trial);
      let bytes = 0;
      for (let file = 0; file < files; file += 1) {
        const content = Array.from({ length: each }, (_, line) => text(file, line)).join('');
        bytes += content.length;
        trial.write(`home/f${file}.ini`, content);
      }
      for (const mode of ['--dry-run', '--standalone'] as const) {
        const state = mode === '--standalone' ? ['--state-dir', trial.makeState()] : [];
        const ended = await trial.scan([mode, ...state, trial.path('home')], { wall: 180 });
        const seconds = ended.cpuSeconds - base;
        const cost = `${mode}: ${seconds.toFixed(2)} s for ${(bytes / 1e6).toFixed(2)} MB and ${files * each} findings`;
        trial.check(ended.code === 0, `${mode}: ${howEnded(ended)}`);
        const allowed = (PER_MEGABYTE * bytes) / 1e6 + PER_FINDING[mode] * files * each;
        trial.check(seconds <= allowed, cost);
        trial.measure(cost);
      }
    },
  };
}

export const time: readonly Row[] = [
  denseRow('100,000 findings in one file', 1, 100_000, (_, line) => fakeLine(`dense ${line}`)),
  denseRow('the same finding 100,000 times in one file', 1, 100_000, () => fakeLine('dense')),
  denseRow('100 findings in each of 300 files', 300, 100, (file, line) => fakeLine(`dense ${file}/${line}`)),
  denseRow('the same 100 findings in each of 300 files', 300, 100, (_, line) => fakeLine(`dense ${line}`)),
  {
    name: 'time/texts that were slow',
    isShort: true,
    run: async (trial) => await measureAll(trial, formerlySlow, (text) => repeat(text, MEGABYTES)),
  },
  {
    name: 'time/their neighbours',
    run: async (trial) => await measureAll(trial, texts, (text) => repeat(text, MEGABYTES)),
  },
  {
    name: 'time/the same, one a line',
    run: async (trial) => await measureAll(trial, texts, (text) => repeat(`${text}\n`, MEGABYTES)),
  },
  {
    name: 'time/the same, each with a value',
    run: async (trial) =>
      await measureAll(trial, texts, (text) => repeat(`${text}${draw(20, 'value')} `, MEGABYTES)),
  },
  {
    name: 'time/the same in base64',
    run: async (trial) =>
      await measureAll(trial, texts, (text) =>
        Buffer.from(repeat(text, (MEGABYTES * 3) / 4)).toString('base64'),
      ),
  },
  {
    name: 'time/pairs of them',
    run: async (trial) =>
      await measureAll(
        trial,
        texts.map(({ text, ...rest }, index) => ({
          ...rest,
          text: text + (texts[(index * 7 + 3) % texts.length]?.text ?? ''),
        })),
        (text) => repeat(text, MEGABYTES),
      ),
  },
  {
    name: 'time/a signal in the middle',
    isShort: true,
    run: async (trial) =>
      await terminateDuring(trial, trial.isShort ? formerlySlow.slice(0, 2) : texts.slice(0, 20)),
  },
  {
    name: 'time/--max-duration in the middle',
    run: async (trial) => {
      for (const [index, { text, file = 'x.txt' }] of formerlySlow.entries()) {
        const folder = trial.path(`t${index}`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, file), repeat(text, 200));
        const ended = await trial.scan(
          // At this rate, no text is scanned completely in that time.
          ['--dry-run', '--strict', '--max-duration=2s', '--max-rate=50', '--workers=1', folder],
          { wall: 40 },
        );
        trial.check(
          ended.wallSeconds <= 4,
          `${JSON.stringify(text)}: ended after ${ended.wallSeconds.toFixed(1)} s`,
        );
        trial.check(
          ended.code === 11,
          `${JSON.stringify(text)}: ${howEnded(ended)}, and not everything was scanned`,
        );
      }
    },
  },
];
