/**
 * Passwords as programs draw them, by alphabet and by syntax: how many of them a scan finds. Each is written as its syntax
 * escapes it; where a syntax needs quotes for some, its writers add them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ALPHANUMERIC, DIGITS, SMALL } from '../../fixtures/dice.ts';
import { Random } from '../shared/random.ts';
import { table } from '../shared/tables.ts';
import { scanOurs } from './scanners.ts';
import { draw } from './texts.ts';

const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join('');

/** What generators draw from, by its name. */
const ALPHABETS: Readonly<Record<string, string>> = {
  letters: ALPHANUMERIC.replaceAll(/[0-9]/g, ''),
  'small letters, digits': SMALL + DIGITS,
  'letters, digits': ALPHANUMERIC,
  'and eight signs': `${ALPHANUMERIC}!@#$%^&*`,
  'and all signs': PRINTABLE,
};

const PASSWORD_CHARS = 16;

const json = (value: string) => JSON.stringify(value);
const single = (value: string) => `'${value.replaceAll("'", "''")}'`;
const python = (value: string) => `'${value.replaceAll(/[\\']/g, (sign) => `\\${sign}`)}'`;
const xml = (value: string) =>
  value.replaceAll(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
/** What YAML cannot hold without quotes (YAML 1.2, section 7.3.3). */
const isPlainYaml = (value: string) => !/^[-?:,[\]{}#&*!|>'"%@`]|: |:$/.test(value);

/** The file that has the syntax, and its text around a password. */
const SYNTAXES: Readonly<Record<string, readonly [file: string, text: (value: string) => string]>> = {
  ini: ['db.ini', (value) => `[db]\nuser = app\npassword = ${value}\nport = 5432\n`],
  'ini, tight': ['db.cfg', (value) => `[client]\nuser=app\npassword=${value}\nport=3306\n`],
  properties: [
    'application.properties',
    (value) => `server.port=8080\nspring.datasource.password=${value.replaceAll('\\', '\\\\')}\n`,
  ],
  environment: ['prod.env', (value) => `DB_USER=app\nDB_PASSWORD=${value}\nDB_PORT=5432\n`],
  'environment, quoted': ['web.env', (value) => `DB_USER='app'\nDB_PASSWORD=${python(value)}\n`],
  YAML: [
    'values.yaml',
    (value) => `db:\n  user: app\n  password: ${isPlainYaml(value) ? value : single(value)}\n  port: 5432\n`,
  ],
  'YAML, quoted': ['config.yml', (value) => `db:\n  password: ${json(value)}\n`],
  XML: ['settings.xml', (value) => `<db><user>app</user><password>${xml(value)}</password></db>\n`],
  JSON: ['config.json', (value) => `{"db":{"user":"app","password":${json(value)},"port":1}}\n`],
  TOML: ['config.toml', (value) => `[db]\npassword = ${json(value)}\nport = 1\n`],
  HCL: [
    'main.tf',
    (value) => `resource "x" "y" {\n  password = ${json(value.replaceAll(/[$%]\{/g, ''))}\n}\n`,
  ],
  Python: ['settings.py', (value) => `USER = 'app'\nPASSWORD = ${python(value)}\n`],
  JavaScript: ['config.ts', (value) => `export const db = { user: 'app', password: ${json(value)} };\n`],
};

interface DrawnPassword {
  readonly alphabet: string;
  readonly syntax: string;
  readonly path: string;
  readonly text: string;
}

/** So many passwords of each alphabet in each syntax, in files of their own. */
function drawnPasswords(random: Random, each: number): DrawnPassword[] {
  return Object.entries(ALPHABETS).flatMap(([alphabet, characters], row) =>
    Object.entries(SYNTAXES).flatMap(([syntax, [file, text]], column) =>
      Array.from({ length: each }, (_, index) => ({
        alphabet,
        syntax,
        path: `${row}-${column}-${index}/${file}`,
        text: text(draw(random, characters, PASSWORD_CHARS)),
      })),
    ),
  );
}

/** How many files each cell of the table stands for. */
const OF_CELL = 100;

/** Scans the files in a folder of their own, and returns a row for each syntax. @param cache for texts and report */
export async function drawnPasswordTable(cache: string, seed: string): Promise<string> {
  const root = join(cache, 'passwords');
  const files = drawnPasswords(new Random(`${seed}/passwords`), OF_CELL);
  rmSync(root, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { findings } = await scanOurs(root, join(cache, 'passwords.json'));
  const found = new Set(
    findings.map(({ path }) => path.replaceAll('\\', '/').split('/').slice(-2).join('/')),
  );
  const rows = Map.groupBy(files, ({ syntax }) => syntax);
  return table(
    ['drawn passwords found', ...Object.keys(ALPHABETS)],
    Array.from(rows, ([syntax, row]) => [
      syntax,
      ...Array.from(
        Map.groupBy(row, ({ alphabet }) => alphabet).values(),
        (cell) => `${((100 * cell.filter(({ path }) => found.has(path)).length) / cell.length).toFixed(0)} %`,
      ),
    ]),
  );
}
