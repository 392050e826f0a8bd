/** Each value of a list is found, however the list is written, and at its own place. */
import { expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { ALPHANUMERIC, Dice, HEX } from '../../../fixtures/dice.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string, path: string): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector, { path }).next(length, true, (detection) => found.push(detection));
  return found;
}

/** A text with a value in place of each `*`, and where the values are. */
function filled(text: string) {
  const dice = new Dice(text);
  const places: { line: number; column: number }[] = [];
  const parts = text.split('*');
  let whole = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    const lines = whole.split('\n');
    places.push({ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
    whole += `${dice.mixed(ALPHANUMERIC, 32)}${part}`;
  }
  return { text: whole, places };
}

test.each([
  ['a.json', '{"tokens":["*","*", "*"]}'],
  ['a.json', '{\n  "passwords": [\n    "*",\n    "*"\n  ]\n}'],
  ['a.json', '{"tokens": ["", "*", "*"]}'],
  ['a.log', String.raw`{\"tokens\": [\"*\", \"*\"]}`],
  ['a.yaml', 'tokens: ["*", \'*\']'],
  ['a.yaml', 'tokens: [*, *, *]'],
  ['a.yaml', 'api_keys:\n  - *\n  - *\n  - *\nusers:\n  - bob'],
  ['a.yaml', 'api_keys:\n- "*"\n- *'],
  ['a.yaml', "tokens:\n  - *   # one\n  - '*' # two\n  - *"],
  ['a.toml', 'tokens = [\n  "*",\n  "*",\n]'],
  ['a.py', 'API_KEYS = (\n    "*",  # one\n    "*",\n)'],
  ['a.js', "const passwords = new Set(['*', '*']);"],
  ['a.ts', 'const tokens: string[] = ["*", "*"];'],
  ['a.go', 'var tokens = []string{\n\t"*",\n\t"*",\n}'],
  ['a.rs', 'let tokens = vec!["*", "*"];'],
  ['a.rs', 'const TOKENS: [&str; 2] = ["*", "*"];'],
  ['a.java', 'String[] tokens = {"*", "*"};'],
  ['a.java', 'List<String> tokens = List.of("*", "*");'],
  ['a.cs', 'var apiKeys = new[] { "*", "*" };'],
  ['a.cs', 'var passwords = new List<string> { "*", "*" };'],
  ['a.php', "$config['api_keys'] = array(\n    '*',\n    '*',\n);"],
  ['a.swift', 'let tokens: [String] = ["*", "*"]'],
  ['a.kt', 'val tokens = listOf("*", "*")'],
  ['a.rb', 'TOKENS = %w[* *]'],
  ['a.pl', 'my @passwords = qw(* *);'],
  ['a.sh', 'TOKENS=("*" "*")'],
  ['a.sh', 'API_KEYS=(*\n  *)'],
  ['a.ps1', '$tokens = @("*", "*")'],
  ['.env', 'API_KEYS=*,*'],
  ['a.properties', 'api.tokens=*, *'],
])('%s: %j', (path, form) => {
  const { text, places } = filled(form);
  expect(detect(text, path).map(({ line, column }) => ({ line, column }))).toEqual(places);
});

test('a name beside a list tells whose each value is', () => {
  const dice = new Dice('names');
  const hex = () => dice.draw(HEX, 32);
  const found = detect(`{"datadog_api_key": ["${hex()}", "${hex()}"]}`, 'a.json');
  expect(found.map(({ rule }) => rule)).toEqual(['datadog-api-key', 'datadog-api-key']);
});

test('an object is no list', () => {
  const { text, places } = filled('{"password": "*", "password2": "*", "token": {"*": 1, "secret": "*"}}');
  const columns = places.map(({ column }) => column);
  expect(detect(text, 'a.json').map(({ column }) => column)).toEqual(columns.toSpliced(2, 1));
});

test('words in lists are none', () => {
  const text = '{"tokens": ["access", "refresh", "id"], "keys": ["ArrowUp", "ArrowDown"]}';
  expect(detect(text, 'a.json')).toEqual([]);
  expect(detect('secrets:\n  - db_password\n  - api_key\n', 'compose.yaml')).toEqual([]);
});
