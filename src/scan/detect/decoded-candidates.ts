/**
 * Finds secrets in encoded texts: decodes them, runs all rules on the result, and maps what they find to the
 * original text.
 */
import type { Encoding } from '../rules/index.ts';
import type { Candidate } from './candidate.ts';
import type { Detector } from './detector.ts';
import { type FileContext, judge } from './judging.ts';
import { encodedIn, matchesIn } from './short-text.ts';

/** How many nested encodings are decoded. */
const MAX_DEPTH = 3;

/**
 * The candidates in an encoded text.
 * @param encoded one character per byte
 * @param origin where it begins in the text that the candidates' offsets refer to
 */
export function candidatesInEncoded(
  detector: Detector,
  file: FileContext,
  encoding: Encoding,
  encoded: string,
  origin: number,
  depth = 1,
): Candidate[] {
  const decoded = encoding.decode(encoded);
  if (decoded === undefined) return [];
  const { text, offsetOf } = decoded;
  const placed = (from: number, to: number) => ({
    start: origin + offsetOf(from),
    end: origin + offsetOf(to),
  });
  const mark = encoding.isDecoration === true ? 'isUndecorated' : 'isEncoded';
  const candidates = matchesIn(text).flatMap(({ index, rule, start, end, groups, before }): Candidate[] => {
    const judgement = judge(detector, file, rule, text.slice(start, end), groups, before);
    if (judgement === undefined) return [];
    const evidence = [...judgement.evidence, encoding.name];
    return [{ rule: index, ...placed(start, end), ...judgement, [mark]: true, evidence }];
  });
  if (depth === MAX_DEPTH) return candidates;
  for (const { encoding: inner, start, text: within } of encodedIn(text)) {
    for (const candidate of candidatesInEncoded(detector, file, inner, within, start, depth + 1)) {
      const evidence = [...candidate.evidence, encoding.name];
      candidates.push({ ...candidate, ...placed(candidate.start, candidate.end), [mark]: true, evidence });
    }
  }
  return candidates;
}
