/**
 * From a match of the engine to candidates: at most one for most rules, any number for an encoding, a list or a
 * trigger rule.
 */
import type { Match } from '../engine/index.ts';
import { type BuiltInOwner, type Span, isDecorated, isOfKind, nameBefore, valuesIn } from '../rules/index.ts';
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
  const { pattern, groups } = match;
  if (owner.kind === 'encoding') {
    return candidatesInEncoded(detector, file, owner.encoding, match.secret, match.start);
  }
  const { index, rule } = owner;
  if (rule.files !== undefined && !file.patterns.includes(pattern)) return [];
  if (rule.secretsIn !== undefined) {
    const { text, from } = match.whole;
    const { spans, heading } = rule.secretsIn(text, file.heading);
    file.heading = heading;
    return spans.flatMap(({ start, end }): Candidate[] => {
      const judged = judge(detector, file, rule, text.slice(start, end), groups, match.before);
      return judged === undefined ? [] : [{ rule: index, start: from + start, end: from + end, ...judged }];
    });
  }
  const candidates = candidatesOfValue(detector, file, owner, match);
  const others = valuesIn(match.whole.text, groups);
  if (others.length === 0) return candidates;
  return [
    ...candidates,
    ...valuesAt(others, match).flatMap((value) => candidatesOfValue(detector, file, owner, value)),
  ];
}

/** The other values of a list, each as a match of its own: as if it stood in the place of the first one. */
function valuesAt(spans: readonly Span[], { start, before, groups, whole }: Match): readonly Value[] {
  const beginning = whole.text.slice(0, start - whole.from);
  return spans.map((span) => {
    const secret = whole.text.slice(span.start, span.end);
    const from = whole.from + span.start;
    const text = beginning + secret;
    const end = from + secret.length;
    return { start: from, end, secret, before, groups, whole: { from: end - text.length, text } };
  });
}

/** A match, or what is judged like one. */
type Value = Pick<Match, 'start' | 'end' | 'secret' | 'before' | 'groups'> & {
  readonly whole: Pick<Match['whole'], 'from' | 'text'>;
};

function candidatesOfValue(
  detector: Detector,
  file: FileContext,
  { index, rule }: Extract<BuiltInOwner, { kind: 'rule' }>,
  value: Value,
): Candidate[] {
  const { secret, groups, before } = value;
  const judgement = judge(detector, file, rule, secret, groups, before);
  const candidates =
    judgement === undefined
      ? []
      : [
          {
            rule: index,
            start: value.start,
            end: value.end,
            ...judgement,
            ...(isDecorated(secret) ? { isDecorated: true } : {}),
          },
        ];
  return rule.isTrigger === true
    ? [...candidates, ...contextualCandidates(detector, file, value)]
    : candidates;
}

/** What contextual rules find in the same value, by the vendor names near it. */
function contextualCandidates(detector: Detector, file: FileContext, match: Value): Candidate[] {
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
