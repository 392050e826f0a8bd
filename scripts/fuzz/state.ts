/**
 * The files of the state directory, and other files that this program has written and reads back: all of them
 * may be damaged.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { hostPlatform, inputReader, openStore } from '../../src/host/platform/index.ts';
import { loadTools } from '../../src/scan/task-build.ts';
import { example } from '../../fixtures/report-example.ts';
import {
  type FuzzProperty,
  expectNoPollution,
  fuzz,
  inFolder,
  mutated,
  mutatedText,
  throwsOnly,
} from './property.ts';

const {
  encodeFolder,
  FileIndex,
  IndexReader,
  openSuppressions,
  suppressorOf,
  jsonReport,
  readReport,
  renderReport,
  renderText,
} = await loadTools();

/** A run whose reports have the key of the example. */
const suppressionContext = {
  key: { id: example.outcome.fingerprintKey },
  isRule: (id: string) => id !== 'b',
  now: Date.UTC(2027, 0, 1),
  ignoresCase: false,
  readInput: inputReader({ elevated: false, allowUntrusted: false }),
  onExpired: () => undefined,
};

const platform = hostPlatform({});
const identity = Buffer.alloc(32, 7);
const folders = Array.from({ length: 5 }, (_, n) => ({
  path: `/data/${'folder'.repeat(n)}${n}`,
  dev: 1,
  ino: n + 1,
  mtimeMs: 1e12 + n,
  ctimeMs: 1e12 + 2 * n,
  walkOptionsKey: 3,
  links: n,
  specials: 0,
  excluded: 1,
  others: 0,
  fileNames: Array.from({ length: n }, (__, file) => `file ${file}`),
  slicing: undefined,
  folderNames: n === 2 ? ['a', 'b'] : [],
  numbers: Array.from({ length: 4 * n }, (__, number) => number),
}));

/** An index with some folders, one of them written twice. */
const index = await inFolder((folder) => {
  const made = FileIndex.open(platform, folder, identity, {
    isTidy: false,
    full: false,
    mayLookAt: () => true,
  });
  for (const one of [...folders, ...folders.slice(2, 3)]) made.append(encodeFolder(one));
  made.close();
  return readFileSync(join(folder, 'files.index'));
});

const schema = { words: ['CREATE TABLE words (word TEXT NOT NULL) STRICT'] };
const database = await inFolder(async (folder) => {
  const { store } = await openStore(platform, folder, schema);
  for (let n = 0; n < 200; n += 1) store.prepare('INSERT INTO words VALUES (?)').run(`word ${n}`);
  store.close();
  return readFileSync(join(folder, 'state.db'));
});

const report = await inFolder(async (folder) => {
  const file = join(folder, 'r.json');
  writeFileSync(file, await renderReport('json', jsonReport(example)));
  return readFileSync(file, 'utf8');
});

export const stateProperties: readonly FuzzProperty[] = [
  fuzz(
    'a damaged file index knows what was written, or less',
    500,
    fc.oneof(
      mutated([index]),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([index.subarray(0, 64), bytes])),
    ),
    (bytes) =>
      inFolder(async (folder) => {
        writeFileSync(join(folder, 'files.index'), bytes);
        for (const isTidy of [false, true]) {
          const opened = await throwsOnly(['cannot-write'], () =>
            FileIndex.open(platform, folder, identity, { isTidy, full: false, mayLookAt: () => true }),
          );
          if (opened === undefined) continue;
          const reader = new IndexReader(opened.shared);
          for (const { numbers, ...folderBefore } of folders) {
            const found = reader.find(folderBefore.path);
            if (found === undefined) continue;
            const { numbers: foundNumbers, ...rest } = found;
            if (!isDeepStrictEqual({ rest, numbers: [...foundNumbers] }, { rest: folderBefore, numbers }))
              throw new Error(`${folderBefore.path} is another one`);
          }
          reader.close();
          opened.close();
        }
      }),
  ),
  fuzz(
    'a damaged store opens or is set aside, and works',
    120,
    fc.oneof(
      mutated([database]),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    ),
    (bytes) =>
      inFolder(async (folder) => {
        writeFileSync(join(folder, 'state.db'), bytes, { mode: 0o600 });
        const { store } = await openStore(platform, folder, schema);
        store.transaction(() => store.prepare('INSERT INTO words VALUES (?)').run('new'));
        const { count } = store.prepare("SELECT count(*) AS count FROM words WHERE word = 'new'").get() ?? {};
        store.close();
        if (count !== 1) throw new Error(`${String(count)} rows`);
      }),
  ),
  fuzz(
    'a damaged report is no baseline, or one, and never an exception',
    400,
    fc.oneof(mutatedText([report]), fc.json(), fc.string()),
    (text) =>
      inFolder(async (folder) => {
        const file = join(folder, 'r.json');
        writeFileSync(file, text);
        await throwsOnly(['config'], () =>
          openSuppressions({ baseline: file, obeyMarkers: false }, suppressionContext),
        );
        // A text that is accepted as a report can be displayed.
        const read = await readReport(file).catch(() => undefined);
        if (read !== undefined) renderText(read, { colour: true, width: 80, isTerminal: true });
        expectNoPollution();
      }),
  ),
  fuzz(
    'an ignore list is understood or refused',
    800,
    fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          'a/b:rule:3',
          `${'0'.repeat(40)}:a:b:1`,
          '# x',
          'ab'.repeat(8),
          './a/**/[b]*:rule until 2027-01-31 # reason',
          'a:* until 2026-02-30',
          `key ${example.outcome.fingerprintKey}`,
          '__proto__:__proto__:1',
          ':::',
          `${':'.repeat(500)}1`,
        ),
      ),
      { maxLength: 6 },
    ),
    (lines) =>
      inFolder(async (folder) => {
        const file = join(folder, 'ignore');
        writeFileSync(file, lines.join('\n'));
        const table = await throwsOnly(['config'], () =>
          openSuppressions({ ignoreList: file, obeyMarkers: true }, suppressionContext),
        );
        const [finding] = example.outcome.findings;
        if (finding !== undefined && table !== undefined) suppressorOf(table)(finding);
      }),
  ),
];
