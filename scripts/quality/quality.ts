/**
 * How well the scanner detects: `npm run quality`. Hits and misses on a labelled corpus, findings on trees without
 * secrets, compared with secretlint. The figures are for a person to read; `README.md` in this folder explains
 * them.
 *
 * Ends with 1 if findings of high or medium confidence are right less often than they promise.
 *
 *   --seed=tuning --held-back=held-back --misses=20 --family=NAME --findings --skip-trees --skip-peer --record
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTools } from '../../src/scan/task-build.ts';
import { describeMachine } from '../shared/machine.ts';
import { record } from '../shared/record.ts';
import { count, megabytes, table } from '../shared/tables.ts';
import { type CleanTree, cleanTrees } from './clean-trees.ts';
import { makeCorpus, writeCorpus } from './corpus.ts';
import { drawnPasswordTable } from './passwords.ts';
import {
  findSecretlint,
  measured,
  reported,
  scanOurs,
  secretlintCount,
  secretlintReported,
} from './scanners.ts';
import {
  type Reported,
  type Score,
  type Scores,
  type Wrong,
  brokenPromises,
  promises,
  score,
  shareOfRight,
  sum,
} from './score.ts';

const { allRules, confidences, severities } = await loadTools();

const CACHE = 'dist/quality';
const README = join(import.meta.dirname, 'README.md');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'tuning' },
    'held-back': { type: 'string', default: 'held-back' },
    misses: { type: 'string', default: '20' },
    family: { type: 'string' },
    findings: { type: 'boolean', default: false },
    'skip-trees': { type: 'boolean', default: false },
    'skip-peer': { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});

interface SeedResult {
  /** Rules for which the corpus has positives. */
  readonly rules: number;
  readonly ours: Scores;
  readonly theirs: Scores | undefined;
}

const secretlint = values['skip-peer'] ? undefined : findSecretlint('dist/bench');

/** Texts that are scanned in one run, whose report contains up to 10,000 findings. */
const OF_RUN = 6000;

async function scoreSeed(seed: string): Promise<SeedResult> {
  const corpus = await makeCorpus(seed);
  const rules = new Set(corpus.flatMap(({ rule }) => rule ?? [])).size;
  const ours: Reported[] = [];
  const theirs: Reported[] = [];
  for (let part = 0; part * OF_RUN < corpus.length; part += 1) {
    const root = join(CACHE, 'corpus', seed, String(part));
    const report = join(CACHE, `${seed}-${part}`);
    writeCorpus(root, corpus.slice(part * OF_RUN, (part + 1) * OF_RUN));
    ours.push(...reported(root, await scanOurs(root, `${report}.json`)));
    if (secretlint === undefined) continue;
    secretlint(root, 'json', `${report}.secretlint.json`);
    theirs.push(...secretlintReported(root, `${report}.secretlint.json`));
  }
  return {
    rules,
    ours: score(corpus, ours),
    theirs: secretlint === undefined ? undefined : score(corpus, theirs),
  };
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

/** A row for each family and one for all, with the cells that `cells` makes of its scores. */
function rows(
  scores: readonly (ReadonlyMap<string, Score> | undefined)[],
  cells: (scores: readonly (Score | undefined)[]) => readonly string[],
): string[][] {
  const families = [...(scores[0]?.keys() ?? [])];
  const all = ['all', ...cells(scores.map((each) => each && sum(each)))];
  return [...families.map((family) => [family, ...cells(scores.map((each) => each?.get(family)))]), all];
}

function cell(score: Score | undefined, column: 'any' | 'sure' | 'right'): string {
  return score === undefined ? '-' : percent(score[column], score.total);
}

function tables(tuning: SeedResult, heldBack: SeedResult): string[] {
  const of = (label: 'positives' | 'negatives') => [
    tuning.ours[label],
    heldBack.ours[label],
    heldBack.theirs?.[label],
  ];
  return [
    table(
      [
        'positives found',
        'of each',
        'right rule',
        'any',
        'any, sure',
        'held back: right',
        'any',
        'any, sure',
        'secretlint',
      ],
      rows(of('positives'), ([one, other, peer]) => [
        count(one?.total ?? 0),
        ...[one, other].flatMap((each) => [cell(each, 'right'), cell(each, 'any'), cell(each, 'sure')]),
        cell(peer, 'any'),
      ]),
    ),
    table(
      ['negatives with a finding', 'of each', 'any', 'sure', 'held back: any', 'sure', 'secretlint'],
      rows(of('negatives'), ([one, other, peer]) => [
        count(one?.total ?? 0),
        ...[one, other].flatMap((each) => [cell(each, 'any'), cell(each, 'sure')]),
        cell(peer, 'any'),
      ]),
    ),
  ];
}

function confidenceTable(tuning: Scores, heldBack: Scores): string {
  const cells = ({ byConfidence }: Scores, confidence: (typeof confidences)[number]) => {
    const judged = byConfidence.get(confidence) ?? { right: 0, wrong: 0 };
    return [count(judged.right + judged.wrong), percent(shareOfRight(judged), 1)];
  };
  return table(
    ['confidence', 'at least', 'findings', 'right', 'held back: findings', 'right'],
    confidences.toReversed().map((confidence) => {
      const least = promises.get(confidence);
      return [
        confidence,
        least === undefined ? '-' : percent(least, 1),
        ...cells(tuning, confidence),
        ...cells(heldBack, confidence),
      ];
    }),
  );
}

/** The errors in the corpus that may be used for tuning. Only titles: no part of a secret. */
function wrongLines({ wrong }: Scores): string[] {
  const most = Number(values.misses);
  const chosen = wrong.filter(
    ({ labelled: { family } }) => values.family === undefined || family === values.family,
  );
  const parts: [string, Wrong[]][] = [
    ['missed', chosen.filter(({ labelled, rules }) => labelled.place !== undefined && rules.length === 0)],
    [
      'found by another rule',
      chosen.filter(({ labelled, rules }) => labelled.place !== undefined && rules.length > 0),
    ],
    ['found and no secret', chosen.filter(({ labelled }) => labelled.place === undefined)],
  ];
  return parts.flatMap(([title, list]) => [
    `${title}: ${count(list.length)}`,
    ...spread(list, most).map(
      ({ labelled: { family, title, path }, rules, isSure }) =>
        `  ${path.split('/')[0]} ${family}: ${title}${rules.length === 0 ? '' : ` -> ${rules.join(', ')}${isSure ? '' : ' (low)'}`}`,
    ),
  ]);
}

/** This many elements of a list, evenly distributed. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

async function treeRow({ name, root, peerRoot }: CleanTree): Promise<string[]> {
  const report = join(CACHE, `${name.toLowerCase().replaceAll(' ', '-')}.json`);
  const { findings, findingCount, coverage } = await scanOurs(root, report);
  if (values.findings)
    for (const { rule, severity, confidence, path, line, evidence } of findings)
      console.log(`  ${rule} ${severity}/${confidence} ${path}:${line} ${evidence.join('; ')}`);
  const gigabytes = coverage.bytes / 1e9;
  const perGigabyte = (many: number) => (many / gigabytes).toFixed(1);
  const total = Object.values(findingCount).reduce((all, many) => all + many, 0);
  const sure = (wanted: string) => findings.filter(({ confidence }) => confidence === wanted).length;
  let theirs: number | undefined;
  if (secretlint !== undefined) {
    const output = report.replace('.json', '.secretlint.txt');
    secretlint(peerRoot, 'compact', output);
    theirs = secretlintCount(output);
  }
  return [
    name,
    count(coverage.files),
    megabytes(coverage.bytes),
    severities
      .toReversed()
      .map((severity) => findingCount[severity])
      .join(' / '),
    confidences.toReversed().map(sure).join(' / '),
    perGigabyte(total),
    perGigabyte(total - sure('low')),
    ...(theirs === undefined ? ['-', '-'] : [count(theirs), perGigabyte(theirs)]),
  ];
}

async function treeTable(): Promise<string> {
  const body: string[][] = [];
  for (const tree of cleanTrees(CACHE)) body.push(await treeRow(tree));
  return table(
    [
      'tree without secrets',
      'files',
      'read',
      severities.toReversed().join(' / '),
      `confidence ${confidences.toReversed().join(' / ')}`,
      'per GB',
      'sure per GB',
      'secretlint',
      'per GB',
    ],
    body,
  );
}

mkdirSync(CACHE, { recursive: true });
const tuning = await scoreSeed(values.seed);
const heldBack = await scoreSeed(values['held-back']);
const about = `Measured: ${measured}, ${tuning.rules} of its ${allRules.length} rules have fixtures. Seeds: ${values.seed}, ${values['held-back']}. Machine: ${describeMachine()}.`;
const drawn = await drawnPasswordTable(CACHE, values['held-back']);
const shown = [about, ...tables(tuning, heldBack), confidenceTable(tuning.ours, heldBack.ours), drawn];
if (!values['skip-trees']) shown.push(await treeTable());
console.log(shown.join('\n\n'));
console.log(`\nseed ${values.seed}\n${wrongLines(tuning.ours).join('\n')}`);
writeFileSync(
  join(CACHE, 'wrong.json'),
  JSON.stringify(
    tuning.ours.wrong.map(({ labelled: { family, title, path }, ...rest }) => ({
      family,
      title,
      path,
      ...rest,
    })),
    undefined,
    1,
  ),
);
if (values.record) await record(README, 'quality', shown.join('\n\n'));
const broken = new Set([...brokenPromises(tuning.ours), ...brokenPromises(heldBack.ours)]);
if (broken.size > 0) {
  console.log(`too many wrong findings of ${[...broken].join(' and ')} confidence`);
  process.exitCode = 1;
}
