/**
 * Texts that are made to be slow: what a megabyte of them costs beside ordinary text, and that a text whose budget is spent is left
 * and says so. The cost is a ratio to ordinary text measured in the same process, so that no machine is too slow for it.
 */
import { expect, test } from '@jest/globals';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import { createEngine } from '../../../src/scan/engine/index.ts';
import { TextBudget } from '../../../src/scan/files/work-budget.ts';
import { hostileCost } from '../../../scripts/hostile/cost.ts';
import { knownCases, singleBytes } from '../../../scripts/hostile/texts.ts';
import { plantable } from '../../../fixtures/tokens.ts';

/** Ordinary settings, with names that values are given to: some hundredth of a second per megabyte. */
const ordinary = {
  path: 'notes.txt',
  unit: 'const options = { retries: 3, apiKey: process.env.API_KEY };\npassword: ${DB_PASSWORD}\nhost = db.internal.lan\n',
};
/** Before, the known cases took 60 to 200 times what ordinary text does. */
const MOST = 25;

test.each([...knownCases()].map((text) => [text.name, text] as const))(
  '%s is no slower than it must be',
  (_, text) => {
    const usual = Math.max(hostileCost(ordinary, 500_000).perMegabyte, 0.01);
    expect(hostileCost(text, 200_000).perMegabyte / usual).toBeLessThan(MOST);
  },
);

test('a file of any one byte is no slower than it must be', () => {
  const usual = Math.max(hostileCost(ordinary, 500_000).perMegabyte, 0.01);
  const slow = [...singleBytes()].filter((text) => hostileCost(text, 50_000).perMegabyte / usual > MOST);
  expect(slow.map(({ name }) => name)).toEqual([]);
});

test('a text is abandoned when its budget is used up, and what was found before is reported', () => {
  const detector = createDetector(Buffer.alloc(32, 1), 0);
  let looks = 0;
  const budget = new TextBudget({ cpuTime: () => (looks += 1) * 100 });
  const secret = `${plantable('github-classic-token')}\n`;
  const length = detector.engine.memory.write(secret.repeat(3000), 'latin1');
  budget.begin(length);
  const text = new TextDetection(detector, { budget });
  const found: unknown[] = [];
  text.next(length, false, (detection) => found.push(detection));
  expect(text.isStopped).toBe(true);
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThan(3000);
});

test('a text may take longer for each finding, so that no flood of credentials hides what comes after it', () => {
  const detector = createDetector(Buffer.alloc(32, 1), 0);
  let time = 0;
  const budget = new TextBudget({ cpuTime: () => (time += 2) });
  const secrets = Array.from({ length: 3000 }, () => `${plantable('github-classic-token')}\n`);
  const length = detector.engine.memory.write(secrets.join(''), 'latin1');
  budget.begin(length);
  const text = new TextDetection(detector, { budget });
  let found = 0;
  text.next(length, true, () => (found += 1));
  // More than a text of this length may take without findings.
  expect(time).toBeGreaterThan(300 + length / 2000);
  expect({ isStopped: text.isStopped, found }).toEqual({ isStopped: false, found: 3000 });
});

test('a text that is abandoned does not affect the next one', () => {
  const engine = createEngine([{ keywords: ['ab'], pattern: /ab[0-9]/, window: { before: 2, after: 1 } }], {
    capacity: 256 * 1024,
  });
  const length = engine.memory.write('ab1 '.repeat(40_000), 'latin1');
  const steps = engine.open().steps(length, true, () => undefined);
  steps.next();
  steps.return(0);
  engine.memory.write('xx ab2', 'latin1');
  const found: number[] = [];
  engine.open().scan(6, true, ({ start }) => found.push(start));
  expect(found).toEqual([3]);
});

test('only the slow one of several texts is abandoned', () => {
  const detector = createDetector(Buffer.alloc(32, 1), 0);
  const secret = `${plantable('github-classic-token')}\n`;
  const texts = [secret, secret.repeat(2000), secret];
  const ends: number[] = [];
  for (const text of texts)
    ends.push((ends.at(-1) ?? 0) + detector.engine.memory.write(text, ends.at(-1) ?? 0, 'latin1'));
  let time = 0;
  const budget = new TextBudget({ cpuTime: () => (time += 200) });
  const stopped: number[] = [];
  const found = [0, 0, 0];
  const matched: number[] = [];
  detector.engine.scanTexts(ends, (_, text) => void matched.push(text), undefined, {
    budgetOf: (text) => {
      budget.begin((ends[text] ?? 0) - (ends[text - 1] ?? 0));
      return budget;
    },
    onStopped: (text) => void stopped.push(text),
  });
  for (const text of matched) found[text] = (found[text] ?? 0) + 1;
  expect(stopped).toEqual([1]);
  expect(found[0]).toBe(found[2]);
  expect(found[2]).toBeGreaterThan(0);
});
