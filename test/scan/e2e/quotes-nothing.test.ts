/**
 * No error repeats what it is about: feeds each input a file with a canary, broken in the ways that its parser knows, and looks
 * for any part of the canary in every byte that leaves the process. It is no token, so that nothing redacts it.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const CANARY = 'c4narY9-Qv8Xz_Lm2Kt7';
/** Shorter parts may stand anywhere by chance. */
const PART = 6;
const parts = Array.from({ length: CANARY.length - PART + 1 }, (_, at) => CANARY.slice(at, at + PART));

const json = [
  CANARY,
  `"${CANARY}`,
  `{"a": ${CANARY}}`,
  `{"${CANARY}" 1}`,
  `{"a": "${CANARY}`,
  `${CANARY}\n{}`,
  `"${CANARY}"`,
  `["${CANARY}"]`,
  `{"${CANARY}": 1}`,
  `{"${CANARY}": {"${CANARY}": "${CANARY}"}}`,
];
const option = (key: string, value: unknown = CANARY) => JSON.stringify({ [key]: value });
const rule = (line: string) => `[[rules]]\nid = "mine"\n${line}\n`;

const inputs: Readonly<Record<string, readonly string[]>> = {
  config: [
    ...json,
    ...['maxDuration', 'mqttVersion', 'strict', 'failOn', 'shard', 'workers', 'remind', 'maxRate'].map(
      (key) => option(key),
    ),
    ...['keeperApiBase', 'clientIdTemplate'].map((key) => option(key, `{${CANARY}}`)),
    option('eventTopic', `${CANARY}#`),
    option('exclude', CANARY),
    option('exclude', [[CANARY]]),
    option('payloadFields', { [CANARY]: 'x' }),
    option('payloadFields', { level: [CANARY] }),
  ],
  baseline: [
    ...json,
    JSON.stringify({ schemaVersion: CANARY, outcome: { coverage: { skipped: { [CANARY]: CANARY } } } }),
  ],
  'ignore-list': [CANARY, `a:b:1\n${CANARY}`, `${CANARY}:${CANARY}`],
  rules: [
    CANARY,
    `title = ${CANARY}`,
    `title = "${CANARY}`,
    `"${CANARY}" = = 1`,
    `[${CANARY}`,
    `a = 1\na.${CANARY} = 2`,
    `${CANARY} = 1\n${CANARY} = 2`,
    rule(`regex = '''(${CANARY}'''`),
    rule(`regex = '''${CANARY}(?=x)'''`),
    rule(`regex = '''${CANARY}**'''`),
    rule(`regex = '''[z-a]${CANARY}'''`),
    rule(String.raw`regex = '''\p{${CANARY}}'''`),
    rule(`regex = '''(?P<${CANARY}>a'''`),
    rule(`regex = '''a{2,1}${CANARY}'''`),
    rule(`path = '''(${CANARY}'''`),
    rule(`regex = "x"\n[[rules.allowlists]]\nregexTarget = "${CANARY}"\nregexes = ["a"]`),
    rule(`regex = "x"\n[[rules.allowlists]]\ncondition = "${CANARY}"\nregexes = ["a"]`),
    rule(`regex = "x"\n[[rules.allowlists]]\nregexes = ['''(${CANARY}''']`),
    rule(`regex = "x"\n"${CANARY}" = 1`),
    rule(`regex = "x"\nkeywords = "${CANARY}"`),
    rule(`regex = "x"\nsecretGroup = "${CANARY}"`),
  ],
  'ca-file': [CANARY, `-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----\n`],
  'fingerprint-key': [CANARY],
};

function leaked(outputs: readonly string[]): string[] {
  return outputs.flatMap((text) => parts.filter((part) => text.includes(part)));
}

describe('no error repeats its input', () => {
  test('the search would find it', () => {
    expect(leaked([`x${CANARY.slice(3, 12)}`]).length).toBeGreaterThan(0);
  });

  test.each(
    Object.entries(inputs).flatMap(([flag, texts]) => texts.map((text, n) => [flag, n, text] as const)),
  )('--%s, number %i', async (flag, _, text) => {
    const folder = newFolder();
    const file = join(folder, 'input');
    const report = join(folder, 'report.json');
    writeFileSync(file, text, { mode: 0o600 });
    const scanned = newFolder();
    writeFileSync(join(scanned, 'a.txt'), 'nothing');
    const mode = flag === 'ca-file' ? '--keeper-api-base=https://127.0.0.1:9' : '--dry-run';
    const ended = await byHand(
      [mode, '--log-level=debug', '--agent-timeout=1s', `--report=${report}`, `--${flag}=${file}`, scanned],
      {
        env: {
          TMPDIR: folder,
          HOME: folder,
          ...(flag === 'ca-file' && { KEEPER_JOB_ID: 'x', SECRETS_SCAN_STATE_DIR: join(folder, 'state') }),
        },
      },
    );
    const written = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'input')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(leaked([ended.stdout, ended.stderr, ...written])).toEqual([]);
    // A key that a rules file does not know is no error.
    if (!text.includes(`"${CANARY}" = 1`)) expect(ended.code).toBe(78);
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('secrets-scan: ')).length).toBeLessThan(
      2,
    );
  });
});
