/** `docs/kepm-contract.md`: section 12 names a place for each fact, and everything that it names exists. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DeployFlags, UninstallFlags } from '../../../src/host/commands/deploy/options.ts';
import { CoreOptions } from '../../../src/host/config/index.ts';

/** Sections with facts about KEPM. */
const FACTS = /^(?:[1-6]|8|11)(?:\.|$)/;
/** Their rows in section 12. */
const MAP_HEADING = /^### Facts of section ([\d.]+): /;
/** `unit/config: "the title of a test"`. */
const REFERENCE = /([\w/-]+): "([^"]+)"/g;
const OPTIONS = { ...CoreOptions.shape, ...DeployFlags.shape, ...UninstallFlags.shape };

interface Row {
  /** `3.1`. */
  readonly section: string;
  readonly cells: readonly string[];
}

const { facts, map } = rowsOf(readFileSync('docs/kepm-contract.md', 'utf8'));

/** The rows of all tables with facts, and those of section 12. */
function rowsOf(text: string): { facts: readonly Row[]; map: readonly Row[] } {
  const found: { facts: Row[]; map: Row[] } = { facts: [], map: [] };
  let section = '';
  let into = found.facts;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const mapped = MAP_HEADING.exec(line)?.[1];
    const own = /^###? ([\d.]+?)\.? /.exec(line)?.[1];
    if (mapped !== undefined || own !== undefined) {
      section = mapped ?? own ?? '';
      into = mapped === undefined ? found.facts : found.map;
    }
    const isRow = line.startsWith('| ') && !/^\|[ :|-]+\|$/.test(line);
    const isHead = /^\|[ :|-]+\|$/.test(lines[index + 1] ?? '');
    if (!isRow || isHead || !FACTS.test(section)) continue;
    const cells = line.split('|').slice(1, -1);
    into.push({ section, cells: cells.map((cell) => cell.trim()) });
  }
  return found;
}

/** The name of a fact without emphasis. */
function nameOf({ cells }: Row): string {
  return (cells[0] ?? '').replaceAll('**', '');
}

/** True if this row of section 12 is about the fact. */
function isAbout(row: Row, fact: Row): boolean {
  return row.section === fact.section && nameOf(fact).startsWith(nameOf(row));
}

function shown(row: Row): string {
  return `${row.section}: ${nameOf(row)}`;
}

/** What stands between backticks in a cell. */
function namedIn(cell = ''): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
}

describe('section 12 of the KEPM contract', () => {
  test('has a row for each fact, and no others', () => {
    expect(facts.length).toBeGreaterThan(120);
    expect(facts.filter((fact) => !map.some((row) => isAbout(row, fact))).map(shown)).toEqual([]);
    expect(map.filter((row) => !facts.some((fact) => isAbout(row, fact))).map(shown)).toEqual([]);
  });

  test('says where each fact is honoured, and names files that exist', () => {
    expect(map.filter(({ cells: [, place] }) => place === '').map(shown)).toEqual([]);
    const files = map.flatMap(({ cells: [, place] }) => namedIn(place)).filter((name) => name.includes('/'));
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('names tests that exist', () => {
    const cells = map.map(({ cells: [, , tests = ''] }) => tests).filter((tests) => tests !== '');
    expect(cells.filter((tests) => tests.replaceAll(REFERENCE, '').replaceAll('; ', '') !== '')).toEqual([]);
    const references = cells.flatMap((tests) => [...tests.matchAll(REFERENCE)]);
    expect(references.length).toBeGreaterThan(100);
    const missing = references.filter(([, suite = '', title = '']) => !textsIn(suite).has(title));
    expect(missing.map(([reference]) => reference)).toEqual([]);
  });

  test('names a test or says that nothing depends on the fact', () => {
    const untested = map.filter(({ cells: [, place = '', reference] }) => {
      return reference === '' && namedIn(place).some((name) => name.includes('/'));
    });
    expect(untested.map(shown)).toEqual([]);
  });

  test('names options that exist', () => {
    const names = map.flatMap(({ cells: [, , , options] }) => namedIn(options));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !(keyOf(name) in OPTIONS))).toEqual([]);
  });
});

/** The quoted texts of a suite, among them the titles of its tests; none if there is no such suite. */
function textsIn(suite: string): ReadonlySet<string> {
  const path = `test/host/${suite}.test.ts`;
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const texts = source.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g);
  return new Set(Array.from(texts, ([, , text = '']) => text.replaceAll(/\\(['"`])/g, '$1')));
}

/** The key of `--a-flag` in a schema; a key of the configuration file is itself. */
function keyOf(name: string): string {
  return name.replace(/^--/, '').replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
