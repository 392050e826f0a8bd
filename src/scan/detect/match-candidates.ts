/** From a match of the engine to candidates: at most one for most rules, any number for an encoding, a list or a
 * trigger rule. */
import type { Match } from '../engine/index.ts';
import { type BuiltInOwner, isDecorated, isOfKind, nameBefore } from '../rules/index.ts';
import type { Candidate } from './candidate.ts';
import type { Detector } from './detector.ts';
import { candidatesInEncoded } from './decoded-candidates.ts';
import { type FileContext, judge } from './judging.ts';
import { contextualMatchesIn } from './short-text.ts';

/** Minimum length of a value without a digit that contextual rules consider: shorter ones are words. */
const MIN_WORDLIKE_CHARS = 16;

/** @param owner the owner of the match's pattern */
export function candidatesOf(
  detector: Detector,
  file: FileContext,
  owner: BuiltInOwner,
  match: Match,
): Candidate[] {
  const { pattern, secret, groups } = match;
  if (owner.kind === 'encoding') {
    return candidatesInEncoded(detector, file, owner.encoding, secret, match.start);
  }
  const { index, rule } = owner;
  if (rule.files !== undefined && !file.patterns.includes(pattern)) return [];
  if (rule.secretsIn !== undefined) {
    const { text, from } = match.whole;
    return rule.secretsIn(text).flatMap(({ start, end }): Candidate[] => {
      const judged = judge(detector, file, rule, text.slice(start, end), groups, match.before);
      return judged === undefined ? [] : [{ rule: index, start: from + start, end: from + end, ...judged }];
    });
  }
  const judgement = judge(detector, file, rule, secret, groups, match.before);
  const candidates =
    judgement === undefined
      ? []
      : [
          {
            rule: index,
            start: match.start,
            end: match.end,
            ...judgement,
            ...(isDecorated(secret) ? { isDecorated: true } : {}),
          },
        ];
  return rule.isTrigger === true
    ? [...candidates, ...contextualCandidates(detector, file, match)]
    : candidates;
}

/** What contextual rules find in the same value, by the vendor names near it. */
function contextualCandidates(detector: Detector, file: FileContext, match: Match): Candidate[] {
  const { whole, secret, groups } = match;
  const { before, front } = nameBefore(match.before);
  const { word = '', operator = '' } = groups;
  if (!/[0-9]/.test(secret)) {
    // No vendor's value is a word. In prose, names count only if they are an option or in capitals:
    // `--vendor-token VALUE`, `ENV VENDOR_KEY VALUE`.
    if (secret.length < MIN_WORDLIKE_CHARS) return [];
    if (operator.trim() === '' && !front.startsWith('-') && word !== word.toUpperCase()) return [];
  }
  const text = before + whole.text;
  const origin = whole.from - before.length;
  const value = { start: match.start - origin, end: match.end - origin };
  return contextualMatchesIn(text, value).flatMap((following): Candidate[] => {
    const { index, rule, start, end } = following;
    if (end <= value.start || start >= value.end) return [];
    if (rule.files !== undefined && !isOfKind(rule.files, file.path)) return [];
    const judgement = judge(detector, file, rule, text.slice(start, end), following.groups, following.before);
    return judgement === undefined
      ? []
      : [{ rule: index, start: origin + start, end: origin + end, ...judgement }];
  });
}
