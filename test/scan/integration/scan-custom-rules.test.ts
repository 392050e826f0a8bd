/** Rules of a file in gitleaks' format: each feature of the format, on real files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { LogEvent } from '../../../src/host/log/index.ts';
import { scanOnce } from '../scan-once.ts';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const dice = new Dice('foreign rules');
/** A token of a vendor that no built-in rule knows. */
const token = () => `quux_${dice.draw(ALPHANUMERIC, 20)}`;
const rule = (more = '', id = 'quux') =>
  `[[rules]]\nid = "${id}"\ndescription = "Quux token"\nregex = '''\\b(quux_[a-zA-Z0-9]{20})\\b'''\nkeywords = ["Quux_"]\n${more}\n`;

async function scan(
  files: Readonly<Record<string, string | Uint8Array>>,
  rules: string,
  {
    besides = {},
    ...options
  }: Readonly<Record<string, unknown>> & { readonly besides?: Record<string, string> } = {},
) {
  const beside = newFolder({ 'rules.toml': rules, ...besides });
  const root = newFolder(files);
  const logged: (readonly [LogEvent, unknown])[] = [];
  const {
    findings,
    suppressed,
    rules: described,
    findingCount,
  } = await scanOnce(
    { roots: [root], rules: join(beside, 'rules.toml'), rulesOnly: true, workers: 1, ...options },
    { log: (event, fields) => void logged.push([event, fields]) },
  );
  const places = findings.map(
    (one) => `${one.rule} ${one.path.slice(root.length + 1)}:${one.line}:${one.column}`,
  );
  return { findings, places: places.sort(), suppressed, described, findingCount, logged, root };
}

describe('a rule', () => {
  test('finds what its regex captures, with its place and its description', async () => {
    const { findings, places, described } = await scan({ 'a.txt': `é\nx = "${token()}";\n` }, rule());
    expect(places).toEqual(['quux a.txt:2:6']);
    expect(findings[0]).toMatchObject({
      title: 'Quux token',
      severity: 'medium',
      confidence: 'medium',
      endColumn: 31,
    });
    expect(findings[0]?.evidence).toEqual([
      expect.stringMatching(/^entropy \d\.\d$/),
      'custom rule from rules.toml',
    ]);
    expect(described.map(({ id, source }) => [id, source])).toEqual([['quux', 'rules.toml']]);
  });

  test('runs only where one of its keywords occurs, in any case', async () => {
    const rules = `[[rules]]\nid = "a"\nregex = '''n[0-9]{6}'''\nkeywords = ["Serial", "zz"]`;
    const { places } = await scan(
      { 'a.txt': 'n123456', 'b.txt': `n123456 ${' '.repeat(9000)} SERIAL` },
      rules,
    );
    expect(places).toEqual(['a b.txt:1:1']);
  });

  test.each([
    ['a capital beyond ASCII', 'ключ', 'КЛЮЧ'],
    ['one in mixed case', 'Ключ-é', 'кЛюЧ-É'],
    ['the sign for kelvin', 'kafka', '\u212aAF\u212aa'],
    ['an I with a dot', 'ring', 'R\u0130ng'],
    ['a keyword with too many spellings', 'идентификатор приложения', 'ИДЕНТИФИКАТОР ПРИЛОЖЕНИЯ'],
  ])('runs where a keyword occurs in letters of another case: %s', async (_, keyword, text) => {
    const rules = `[[rules]]\nid = "a"\nregex = '''n[0-9]{6}'''\nkeywords = ["${keyword}"]`;
    const { places } = await scan({ 'a.txt': `n123456 ${text}`, 'b.txt': 'n123456' }, rules);
    expect(places).toEqual(['a a.txt:1:1']);
  });

  test('has its keys in any case', async () => {
    const rules = `[[Rules]]\nID = "a"\nRegex = '''(a)(n[0-9]{6})'''\nSECRETGROUP = 2\nKeyWords = ["x"]\n[[Rules.AllowLists]]\nStopWords = ["999"]`;
    const files = { 'a.txt': 'x an123456', 'b.txt': 'an123456', 'c.txt': 'x an999456' };
    const { places, logged } = await scan(files, rules);
    expect(places).toEqual(['a a.txt:1:4']);
    expect(logged.filter(([{ id }]) => id === 'scan.rule-ignored')).toEqual([]);
  });

  test('without keywords sees every text', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`${n}.txt`, n % 3 === 0 ? 'n123456' : 'x']),
    );
    const { places } = await scan(files, `[[rules]]\nid = "a"\nregex = '''n[0-9]{6}'''`);
    expect(places).toHaveLength(10);
  });

  test.each([
    ['the first group that captured', String.raw`(?:(aa)|(bb))=([a-z]+)`, 0, 'bb=cc', 'a a.txt:1:1'],
    ['the group of secretGroup', String.raw`(bb)=([a-z]+)`, 2, 'bb=cc', 'a a.txt:1:4'],
    ['the whole match', 'b=[a-z]+', 0, 'bb=cc', 'a a.txt:1:2'],
  ])('takes %s', async (_, regex, group, text, place) => {
    const rules = `[[rules]]\nid = "a"\nregex = '''${regex}'''\nsecretGroup = ${group}`;
    expect((await scan({ 'a.txt': text }, rules)).places).toEqual([place]);
  });

  test('requires more entropy than its limit', async () => {
    const rules = (entropy: number) => `[[rules]]\nid = "a"\nregex = '''k=(\\w+)'''\nentropy = ${entropy}`;
    // Four characters, each as often as the others: two bits.
    const files = { 'a.txt': 'k=abcdabcd', 'b.txt': 'k=abcdefgh' };
    expect((await scan(files, rules(1.9))).places).toHaveLength(2);
    expect((await scan(files, rules(2))).places).toEqual(['a b.txt:1:3']);
  });

  test('with a path applies to such paths; with only a path, it reports the file', async () => {
    const files = {
      'etc/a.conf': token(),
      'a.txt': token(),
      'key.pfx': Uint8Array.of(0, 1, 2),
      'empty.pfx': '',
    };
    const rules = `${rule("path = '''etc/.*\\.conf$'''")}[[rules]]\nid = "pfx"\npath = '''\\.pfx$'''\n`;
    expect((await scan(files, rules)).places).toEqual([
      'pfx empty.pfx:1:1',
      'pfx key.pfx:1:1',
      'quux etc/a.conf:1:1',
    ]);
  });
});

describe('allowlists', () => {
  const secret = token();
  const files = { 'a.txt': `here: ${secret} # fine`, 'b/b.txt': token() };

  test.each([
    ['paths', "paths = ['''/b/''']", ['a']],
    ['regexes on the secret', `regexes = ['''^${secret}$''']`, ['b']],
    ['regexes on the match', `regexTarget = "match"\nregexes = ['''^${secret}''']`, ['b']],
    ['regexes on the line', `regexTarget = "line"\nregexes = ['''^here: .* # fine$''']`, ['b']],
    ['stopwords in any case', `stopwords = ["${secret.slice(7, 15).toUpperCase()}"]`, ['b']],
    ['one criteria of several', `paths = ['''/b/''']\nstopwords = ["${secret.slice(7, 15)}"]`, []],
    [
      'all of several',
      `condition = "AND"\npaths = ['''/b/''']\nstopwords = ["${secret.slice(7, 15)}"]`,
      ['a', 'b'],
    ],
    [
      'all of several, met',
      `condition = "AND"\npaths = ['''a.txt''']\nstopwords = ["${secret.slice(7, 15)}"]`,
      ['b'],
    ],
    ['commits, which a file has none of', 'commits = ["0123abc"]', ['a', 'b']],
  ])('%s', async (_, list, expected) => {
    const names = expected.map(
      (name) => `quux ${name === 'b' ? 'b/b.txt' : 'a.txt'}:1:${name === 'a' ? 7 : 1}`,
    );
    for (const head of ['[[rules.allowlists]]', '[rules.allowlist]']) {
      const own = await scan(files, rule(`${head}\n${list}`));
      expect(own.places).toEqual(names);
      expect(own.suppressed).toEqual({});
    }
    for (const head of ['[[allowlists]]', '[allowlist]']) {
      const global = await scan(files, `${rule()}${head}\n${list}`);
      expect(global.places).toEqual(names);
      const count = 2 - names.length;
      expect(global.suppressed).toEqual(count === 0 ? {} : { allowlist: count });
      expect(global.findingCount['medium']).toBe(names.length);
    }
  });

  test('for some rules only', async () => {
    const rules = `${rule()}[[rules]]\nid = "word"\nregex = '''\\b(here)\\b'''\n[[allowlists]]\ntargetRules = ["quux"]\npaths = ['''.''']`;
    expect((await scan(files, rules)).places).toEqual(['word a.txt:1:1']);
  });
});

describe('rules that others require', () => {
  const user = `[[rules]]\nid = "user"\nregex = '''user=(\\w+)'''\nskipReport = true\n`;
  const requiring = (more = '') => `${user}${rule(`[[rules.required]]\nid = "user"\n${more}`)}`;
  const files = () => ({
    'near.txt': `user=me\n\n${token()}\n`,
    'far.txt': `user=me\n\n\n\n   ${token()}\n`,
    'none.txt': token(),
  });

  test.each([
    ['anywhere', '', ['quux far.txt:5:4', 'quux near.txt:3:1']],
    ['within lines', 'withinLines = 2', ['quux near.txt:3:1']],
    ['within columns', 'withinColumns = 3', ['quux far.txt:5:4']],
    ['within both', 'withinLines = 2\nwithinColumns = 3', []],
  ])('%s', async (_, more, expected) => {
    expect((await scan(files(), requiring(more))).places).toEqual(expected);
  });
});

describe('a file that extends another', () => {
  const besides = { 'base.toml': `${rule('tags = ["x"]')}[[rules]]\nid = "word"\nregex = '''here'''\n` };
  const extend = (more: string) => `[extend]\npath = "base.toml"\n${more}\n`;
  const files = { 'a.txt': `here ${token()}` };

  test.each([
    ['has its rules', '', ['quux a.txt:1:6', 'word a.txt:1:1']],
    ['can leave some out', 'disabledRules = ["word"]', ['quux a.txt:1:6']],
    ['can change one', '[[rules]]\nid = "word"\nentropy = 4.5', ['quux a.txt:1:6']],
    [
      'can add an allowlist to one',
      "[[rules]]\nid = \"quux\"\n[[rules.allowlists]]\npaths = ['''a''']",
      ['word a.txt:1:1'],
    ],
  ])('%s', async (_, more, expected) => {
    expect((await scan(files, extend(more), { besides })).places).toEqual(expected);
  });
});

describe('is refused by name', () => {
  const regex = (source: string) => `[[rules]]\nid = "mine"\nregex = '''${source}'''`;
  test.each([
    ['a look-ahead', regex('a(?=b)'), /rule "mine".*unsupported Perl syntax; .*RE2/],
    ['a look-behind', regex('(?<=a)b'), /rule "mine".*RE2/],
    ['a back-reference', regex(String.raw`(a)\1`), /rule "mine".*invalid escape sequence/],
    ['a broken regex', regex('a('), /rule "mine"/],
    ['a broken path', `[[rules]]\nid = "mine"\npath = '''a['''`, /rule "mine"/],
    ['a broken regex of an allowlist', rule("[[rules.allowlists]]\nregexes = ['''(''']"), /rule "quux"/],
    ['a missing group', `${regex('a')}\nsecretGroup = 2`, /rule "mine".*secretGroup is 2/],
    ['neither regex nor path', '[[rules]]\nid = "mine"', /rule "mine".*neither regex nor path/],
    ['no id', "[[rules]]\nregex = '''a'''", /rule number 1.*id/],
    ['a wrong type', `${regex('a')}\nkeywords = "a"`, /rule "mine".*keywords/],
    ['a condition', rule('[[rules.allowlists]]\ncondition = "XOR"\npaths = ["a"]'), /rule "quux".*OR/],
    ['an allowlist of nothing', rule('[[rules.allowlists]]\ndescription = "x"'), /rule "quux".*criteria/],
    ['a missing required rule', rule('[[rules.required]]\nid = "x"'), /rule "quux" requires "x"/],
    ['useDefault', '[extend]\nuseDefault = true', /useDefault.*extend\.path/],
    ['a missing base', '[extend]\npath = "none.toml"', /extend\.path "none\.toml"/],
    ['itself as base', '[extend]\npath = "rules.toml"', /extends this file again/],
    ['no rule', 'title = "x"', /no rule/],
    ['no TOML', 'title = ', /not valid TOML/],
  ])('%s', async (_, rules, message) => {
    await expect(scan({}, rules)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(new RegExp(`--rules .*rules\\.toml: .*${message.source}`, 's')),
    });
  });

  test('a missing file', async () => {
    await expect(scan({}, '', { rules: '/does/not/exist' })).rejects.toMatchObject({ kind: 'config' });
  });
});

test('unknown keys are reported and ignored', async () => {
  const { places, logged } = await scan({ 'a.txt': token() }, `colour = 1\n${rule('weight = 2')}`);
  expect(places).toEqual(['quux a.txt:1:1']);
  const warnings = logged
    .filter(([{ id }]) => id === 'scan.rule-ignored')
    .map(([, fields]) => JSON.stringify(fields));
  expect(warnings).toEqual([
    expect.stringContaining('\\"colour\\"'),
    expect.stringContaining('\\"rules.weight\\"'),
  ]);
});

test('of a key that a table has twice, in two cases, the one in the right case counts', async () => {
  const { places, logged } = await scan({ 'a.txt': token() }, rule(`Regex = "x"`));
  expect(places).toEqual(['quux a.txt:1:1']);
  expect(JSON.stringify(logged)).toContain('rules.Regex');
});

test.each([
  ['^vendor/', true],
  [String.raw`^\.github/`, true],
  [String.raw`(?i)^src\/test`, true],
  ['^go.mod$', true],
  ['vendor/', false],
  ['(^|/)vendor/', false],
  ['^/srv/', false],
  ['^.*/vendor/', false],
  ['^[a-z]:/x', false],
  ['^C:/Users/', false],
  ['^c.x', false],
  ['^c?/srv', false],
  ['^vendor/|/srv/', false],
])('a path of an allowlist that no absolute path matches is reported: %s', async (path, isReported) => {
  const paths = `paths = ['''${path}''']`;
  const { logged } = await scan(
    { 'a.txt': token() },
    rule(`[[rules.allowlists]]\n${paths}\n[allowlist]\n${paths}\n`),
  );
  const warnings = logged
    .filter(([{ id }]) => id === 'scan.rule-ignored')
    .map(([, fields]) => JSON.stringify(fields));
  const expected = ['rule \\"quux', 'the global allowlist'].map((place): unknown =>
    expect.stringContaining(place),
  );
  expect(warnings).toEqual(isReported ? expected : []);
});

describe('beside the built-in rules', () => {
  test('a precise one comes first, then the rules of the file', async () => {
    const rules = `[[rules]]\nid = "any"\nregex = '''(?:token|password) = "(\\w+)"'''\nkeywords = ["token", "password"]`;
    const text = `token = "${plantable('github-classic-token')}"\npassword = "${dice.draw(ALPHANUMERIC, 24)}"\n`;
    const { places } = await scan({ 'a.py': text }, rules, { rulesOnly: false });
    expect(places).toEqual(['any a.py:2:13', 'github-classic-token a.py:1:10']);
  });
});

test('a secret in a name does not leave the process', async () => {
  const secret = token();
  const { findings, logged } = await scan({ [`${secret}/x-${secret}.txt`]: secret }, rule());
  expect(findings).toHaveLength(1);
  expect(JSON.stringify([findings, logged])).not.toContain(secret.slice(5, 15));
});

test('large files: nothing is lost or doubled where chunks meet', async () => {
  const lines = Array.from({ length: 90_000 }, (_, n) =>
    n % 300 === 7 ? `x ${token()} y` : `lorem ipsum é ${n} dolor sit amet`,
  );
  const rules = `${rule()}[[rules]]\nid = "long"\nregex = '''(?s)BEGIN-Q(.{100,900}?)END-Q'''\n`;
  for (let n = 3; n < lines.length; n += 5000) lines[n] = `BEGIN-Q${'z'.repeat(700)}${n}END-Q`;
  const { findings } = await scan({ 'a.log': lines.join('\n') }, rules);
  const expected = lines.flatMap((line, n) => (/^(?:x |BEGIN-Q)/.test(line) ? [n + 1] : []));
  expect(findings.map(({ line }) => line)).toEqual(expected);
  const whole = lines.map((line) => `${line}\n`).join('');
  const { findingCount } = await scan({ 'a.log': whole }, rules);
  expect(findingCount['medium']).toBe(expected.length);
});

test('workers find what one thread finds', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 5000 }, (_, n) => [
      `${n % 50}/${n}.txt`,
      n % 50 === 0 ? `a\n${token()}` : 'nothing here\n',
    ]),
  );
  const rules = `${rule()}[[rules]]\nid = "q"\nregex = '''nowhere'''\n[[allowlists]]\npaths = ['''0/.*00\\.txt''']`;
  const one = await scan(files, rules);
  const three = await scan(files, rules, { workers: 3 });
  expect(three.places).toEqual(one.places);
  expect(one.suppressed).toEqual({ allowlist: 49 });
  expect(three.suppressed).toEqual(one.suppressed);
});

test('300 rules take linear time on a text crafted against them', async () => {
  const rules = Array.from(
    { length: 300 },
    (_, n) =>
      `[[rules]]\nid = "r${n}"\nregex = '''(?i)(a+)+x{1,${(n % 50) + 1}}(b|ab|a)*k${n}=(\\w+)$'''\nkeywords = ["k${n}="]`,
  ).join('\n');
  const began = performance.now();
  await scan({ 'a.txt': 'a'.repeat(500_000) + 'ab'.repeat(250_000) + 'k7=!' }, rules);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('binaries: in ASCII and in UTF-16', async () => {
  const [first, second] = [token(), token()];
  const bytes = Buffer.concat([Buffer.from(`\0\u0001 ${first} \0`), Buffer.from(` ${second} `, 'utf16le')]);
  const { findings } = await scan({ 'a.exe': bytes }, rule(), { binaries: true });
  expect(findings.map((one) => one.bytes)).toEqual([
    { offset: 3, length: 25 },
    { offset: 32, length: 50 },
  ]);
});
