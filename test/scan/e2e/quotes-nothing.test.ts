/**
 * No error repeats what it is about: feeds each input of the scanner a file with a canary, broken in the ways that its parser knows, and looks
 * for any part of the canary in every byte that leaves the process. It is no token, so that nothing redacts it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CANARY, brokenJson, canaryParts } from '../../host/canary.ts';
import { byHand, cleanUp, filesBelow, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const option = (key: string, value: unknown = CANARY) => JSON.stringify({ [key]: value });
const rule = (line: string) => `[[rules]]\nid = "mine"\n${line}\n`;

const inputs: Readonly<Record<string, readonly string[]>> = {
  config: [
    ...['strict', 'failOn', 'shard', 'workers', 'remind', 'maxRate'].map((key) => option(key)),
    option('exclude', [[CANARY]]),
    option('disableRules'),
  ],
  baseline: [
    ...brokenJson,
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
  'fingerprint-key': [CANARY],
};

describe('no error repeats its input', () => {
  test.each(
    Object.entries(inputs).flatMap(([flag, texts]) => texts.map((text, n) => [flag, n, text] as const)),
  )('--%s, number %i', async (flag, _, text) => {
    const folder = newFolder();
    const file = join(newFolder(), 'input');
    writeFileSync(file, text, { mode: 0o600 });
    const scanned = newFolder();
    writeFileSync(join(scanned, 'a.txt'), 'nothing');
    const report = join(folder, 'report.json');
    const ended = await byHand(
      ['--dry-run', '--verbose', '--log-level=debug', `--report=${report}`, `--${flag}=${file}`, scanned],
      { env: { TMPDIR: folder, HOME: folder } },
    );
    const written = filesBelow(folder).map((path) => readFileSync(path, 'latin1'));
    expect([ended.stdout, ended.stderr, ...written].flatMap(canaryParts)).toEqual([]);
    // A key that a rules file does not know is no error.
    if (!text.includes(`"${CANARY}" = 1`)) expect(ended.code).toBe(78);
    const lines = ended.stderr.split('\n').filter((line) => line.startsWith('secrets-scan: '));
    expect(lines.length).toBeLessThan(2);
  });
});
