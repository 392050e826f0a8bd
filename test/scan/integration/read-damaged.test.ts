/** The readers of documents and databases, on samples that are sound, damaged anywhere, or cut off anywhere. */
import { describe, expect, test } from '@jest/globals';
import type { ContainerReader } from '../../../src/scan/containers/container.ts';
import { compoundFileReader } from '../../../src/scan/containers/readers/compound-file.ts';
import { mailReader } from '../../../src/scan/containers/readers/mail.ts';
import { pdfReader } from '../../../src/scan/containers/readers/pdf.ts';
import { sqliteReader } from '../../../src/scan/containers/readers/sqlite.ts';
import { documentSamples } from '../../../fixtures/documents.ts';
import { Dice } from '../../../fixtures/tokens.ts';
import { readContainer } from '../read-container.ts';

const TEXT = 'words to be found';
const samples = documentSamples(TEXT);
const readers: Readonly<Record<keyof typeof samples, ContainerReader>> = {
  sqlite: sqliteReader,
  pdf: pdfReader,
  mail: mailReader,
  compound: compoundFileReader,
};
/** In how many places of the sample the text is. */
const places = { sqlite: 4, pdf: 2, mail: 2, compound: 3 };
const DAMAGED_SAMPLES = 300;

describe.each(Object.keys(places))('%s', (format) => {
  const key = Object.keys(places).find((name): name is keyof typeof samples => name === format) ?? 'pdf';
  const read = (bytes: Uint8Array) => readContainer(readers[key], bytes);
  const sample = samples[key];

  test('every text in it is found', async () => {
    const { entries, problem } = await read(sample);
    expect(problem).toBeUndefined();
    expect([...entries.values()].filter((content) => content.includes(TEXT)).length).toBeGreaterThanOrEqual(
      places[key],
    );
  });

  test('ends with a result, whatever is damaged', async () => {
    const dice = new Dice(format);
    const below = (end: number) => dice.bytes(4).readUInt32LE(0) % end;
    for (let count = 0; count < DAMAGED_SAMPLES; count += 1) {
      const bytes = Buffer.from(sample);
      for (let change = below(6); change >= 0; change -= 1) bytes[below(bytes.length)] = below(256);
      const length = below(4) === 0 ? below(bytes.length) : bytes.length;
      await expect(read(bytes.subarray(0, length))).resolves.toBeDefined();
    }
  });
});
