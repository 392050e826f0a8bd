/** What is hidden by base64, percent-encoding or escapes is found, at the place of the text that hides it. */
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { Dice, plantable } from '../../../fixtures/tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector).next(length, true, (detection) => found.push(detection));
  return found;
}

const token = plantable('github-classic-token');
const password = new Dice('layers').mixed('ABCDEFGHabcdefgh0123456789', 16);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = (prefix: string) => Array.from(token, (c) => prefix + c.charCodeAt(0).toString(16)).join('');

describe('encoded texts', () => {
  test.each([
    ['base64', 'github-classic-token', base64(`a ${token} b`), ['in base64']],
    ['base64 of each alignment', 'github-classic-token', base64(`aa ${token} b`), ['in base64']],
    ['base64 of each alignment', 'github-classic-token', base64(`aaa ${token} b`), ['in base64']],
    [
      'base64url',
      'generic-password',
      Buffer.from(`{"password":"${password}"}`).toString('base64url'),
      ['in base64'],
    ],
    ['base64 twice', 'github-classic-token', base64(base64(`key: ${token}`)), ['in base64', 'in base64']],
    [
      'the argument of PowerShell',
      'generic-password',
      Buffer.from(`$password = "${password}"`, 'utf16le').toString('base64'),
      ['in base64'],
    ],
    ['a query', 'generic-password', `x%3D1%26password%3D${password}%26y`, ['percent-encoded']],
    ['each letter, percent-encoded', 'github-classic-token', escaped('%'), ['percent-encoded']],
    ['each letter, escaped', 'github-classic-token', escaped('\\u00'), ['in escape sequences']],
    [
      'JSON within a string',
      'generic-password',
      `{\\u0022password\\u0022:\\u0022${password}\\u0022}`,
      ['in escape sequences'],
    ],
    ['a colour before it', 'github-classic-token', `\u001b[94m${token}\u001b[0m`, ['in terminal output']],
    [
      'colours within it',
      'github-classic-token',
      `${token.slice(0, 9)}\u001b[01;31m${token.slice(9, 20)}\u001b[m\u001b[K${token.slice(20)}`,
      ['in terminal output'],
    ],
    [
      'colours between name and value',
      'generic-password',
      `\u001b[1mexport DB_PASSWORD=\u001b[0m\u001b[33m${password}\u001b[0m`,
      ['in terminal output'],
    ],
    [
      'colours whose escape character is spelled out',
      'generic-password',
      String.raw`DB_PASSWORD=\u001b[33m${password}\u001b[0m`,
      ['in terminal output'],
    ],
    [
      'colours whose escape character is lost',
      'generic-password',
      `DB_PASSWORD=[33m${password}[0m`,
      ['in terminal output'],
    ],
    ['a colour between two words', 'github-classic-token', `token\u001b[32m${token}`, ['in terminal output']],
    [
      'base64 that is assigned',
      'github-classic-token',
      `SETTINGS=${base64(`{"mode":"production","token":"${token}"}`)}`,
      ['in base64'],
    ],
    [
      'a query in base64',
      'generic-password',
      base64(`https://example.org/?password%3D${password}`),
      ['percent-encoded', 'in base64'],
    ],
  ])('%s', (_, rule, encoded, evidence) => {
    for (const text of [encoded, `first\ndata: ${encoded}`, `<data>${encoded}</data>`]) {
      const found = detect(text).filter((detection) => detection.rule === rule);
      expect(found).toHaveLength(1);
      const [
        { line, column, endLine, endColumn, ...rest } = { line: 0, column: 0, endLine: 0, endColumn: 0 },
      ] = found;
      expect(rest).toMatchObject({ evidence: expect.arrayContaining(evidence) });
      const lines = text.split('\n');
      const begin = lines[line - 1]?.indexOf(encoded) ?? -1;
      expect(column).toBeGreaterThan(begin);
      expect({ endLine, isWithin: endColumn <= begin + 1 + encoded.length }).toEqual({
        endLine: line,
        isWithin: true,
      });
    }
  });

  const many = `HOST=db.internal\nMODE=production\nGITHUB_TOKEN=${token}\nDB_PASSWORD=${password}\nDB_USER=app\n`;
  const wrapped = (width: number, separator: string) =>
    base64(many)
      .match(new RegExp(`.{1,${width}}`, 'g'))
      ?.join(separator) ?? '';

  test.each([
    ['as base64 does', wrapped(76, '\n')],
    ['in a mail', `Content-Transfer-Encoding: base64\r\n\r\n${wrapped(76, '\r\n')}\r\n--end--`],
    ['in armour', `-----BEGIN SETTINGS-----\n${wrapped(64, '\n')}\n-----END SETTINGS-----`],
    ['in YAML', `data:\n  env: |\n    ${wrapped(60, '\n    ')}\n  other: value`],
    ['in XML', `<value>\n      ${wrapped(72, '\n      ')}\n</value>`],
    ['in a page', `<pre>${wrapped(70, '<br>')}</pre>`],
    ['in a comment', `# ${wrapped(76, '\n# ')}`],
    ['in a quoted mail', `> ${wrapped(76, '\n> ')}`],
    ['in JSON', `{"env":"${wrapped(76, '\\n')}"}`],
    ['in a list', `["${wrapped(76, '",\n "')}"]`],
    ['in JavaScript', `"${wrapped(76, '" +\n  "')}"`],
    ['in C', `"${wrapped(76, '\\n"\n  "')}"`],
    [
      'with base64 of another text below',
      `${wrapped(76, '\n')}\n\n${base64('a longer text of words'.repeat(5))}`,
    ],
    ['with a word below', `${wrapped(76, '\n')}\ndone\n`],
  ])('base64 over many lines %s', (_, text) => {
    const found = detect(`first\n${text}\nlast\n`);
    for (const rule of ['github-classic-token', 'generic-password']) {
      expect(found.filter((detection) => detection.rule === rule)).toEqual([
        expect.objectContaining({ evidence: expect.arrayContaining(['in base64']) }),
      ]);
    }
    const [plain] = detect(token);
    expect(found.map(({ fingerprint }) => fingerprint)).toContain(plain?.fingerprint);
  });

  test('the same secret has the same fingerprint, encoded or not', () => {
    const [plain] = detect(token);
    const [encoded] = detect(base64(`a ${token} b`));
    expect(encoded?.fingerprint).toBe(plain?.fingerprint);
  });

  test('text that only begins like an encoded text costs nothing and finds nothing', () => {
    const dice = new Dice('noise');
    const noise = Array.from({ length: 40 }, () => dice.bytes(1500).toString('base64')).join('\n');
    expect(
      detect(`${noise}\n%70%61 \\u0070 100%65 ${base64('no secret here, only a token of words')}`),
    ).toEqual([]);
  });
});
