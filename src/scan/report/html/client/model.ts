/** Findings by secret, their order and their numbers. Knows no element of the page. */
import { confidences, severities } from '../../../model/finding.ts';
import type { PageData, PageFinding, PageMachine, PageRule, PageState } from '../page-data.ts';

/** One secret in one file, with what its page says of it. */
export interface Place {
  readonly finding: PageFinding;
  readonly rule: PageRule;
  readonly machine: PageMachine;
  /** What a search looks in, in lower case. */
  readonly text: string;
}

/** One secret, wherever it is. Its severity and its rule are those of its worst place. */
export interface Secret {
  readonly fp: string;
  readonly rule: PageRule;
  readonly severity: number;
  readonly confidence: number;
  /** Worst first. */
  readonly places: readonly Place[];
  readonly owners: readonly string[];
  readonly machines: number;
  /** How many times it occurs, in all places. */
  readonly occurrences: number;
  /** Some place can be read by every user of its machine. */
  readonly isExposed: boolean;
  readonly since: string;
  readonly state: PageState | 'new-place' | undefined;
}

export type SortKey =
  'severity' | 'title' | 'path' | 'owner' | 'machines' | 'places' | 'confidence' | 'since';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The places of all findings on the page. */
export function placesOf({ findings, rules, machines }: PageData): Place[] {
  const [anyRule, anyMachine] = [rules[0], machines[0]];
  return findings.flatMap((finding) => {
    const rule = rules[finding.r] ?? anyRule;
    const machine = machines[finding.m] ?? anyMachine;
    if (rule === undefined || machine === undefined) return [];
    const { path, owner = '', team = '', fp, evidence, exposure, shippedBy = '' } = finding;
    const parts = [rule.title, rule.id, rule.family ?? '', path, fp, owner, team, machine.name, shippedBy];
    return [{ finding, rule, machine, text: [...parts, ...evidence, ...exposure].join('\n').toLowerCase() }];
  });
}

/** The secrets in these places. */
export function secretsIn(places: readonly Place[]): Secret[] {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const group = groups.get(place.finding.fp);
    if (group === undefined) groups.set(place.finding.fp, [place]);
    else group.push(place);
  }
  return [...groups.values()].flatMap(secretOf);
}

function secretOf(group: Place[]): Secret | [] {
  if (group.length > 1) group.sort(byGravity);
  const [worst] = group;
  if (worst === undefined) return [];
  const owners = new Set<string>();
  const machines = new Set<number>();
  let occurrences = 0;
  let since = '';
  for (const { finding } of group) {
    if (finding.owner !== undefined) owners.add(finding.owner);
    machines.add(finding.m);
    occurrences += finding.count;
    if (finding.since !== undefined && (since === '' || finding.since < since)) since = finding.since;
  }
  return {
    fp: worst.finding.fp,
    rule: worst.rule,
    severity: severityRank(worst),
    confidence: confidenceRank(worst),
    places: group,
    owners: [...owners],
    machines: machines.size,
    occurrences,
    isExposed: group.some((place) => reachesOthers(place) > 0),
    since,
    state: stateOf(group, worst),
  };
}

/** New places of a secret that was known before are not a new secret. */
function stateOf(group: readonly Place[], worst: Place): Secret['state'] {
  const isNew = ({ finding }: Place) => finding.state === 'new';
  if (group.every(isNew)) return 'new';
  return group.some(isNew) ? 'new-place' : worst.finding.state;
}

const severityRank = ({ finding }: Place) => severities.indexOf(finding.severity);
const confidenceRank = ({ finding }: Place) => confidences.indexOf(finding.confidence);
const reachesOthers = ({ finding }: Place) => Number(finding.exposure.includes('readable by everyone'));

function byGravity(a: Place, b: Place): number {
  return (
    severityRank(b) - severityRank(a) ||
    confidenceRank(b) - confidenceRank(a) ||
    reachesOthers(b) - reachesOthers(a) ||
    inOrder(a.machine.name, b.machine.name) ||
    inOrder(a.finding.path, b.finding.path)
  );
}

/** The secrets to act on first: severe, certain, open to others, in many places. */
export function mostUrgent(secrets: readonly Secret[], count: number): Secret[] {
  return secrets.toSorted(byUrgency).slice(0, count);
}

function byUrgency(a: Secret, b: Secret): number {
  return (
    b.severity - a.severity ||
    b.confidence - a.confidence ||
    Number(b.isExposed) - Number(a.isExposed) ||
    b.machines - a.machines ||
    b.places.length - a.places.length ||
    inOrder(keys.path(a), keys.path(b))
  );
}

const keys: Readonly<Record<SortKey, (secret: Secret) => number | string>> = {
  severity: ({ severity }) => severity,
  title: ({ rule }) => rule.title.toLowerCase(),
  path: ({ places }) => places[0]?.finding.path ?? '',
  owner: ({ owners }) => owners[0] ?? '',
  machines: ({ machines }) => machines,
  places: ({ places }) => places.length,
  confidence: ({ confidence }) => confidence,
  since: ({ since }) => since,
};

/** Sorts in place. Among equal ones, the most urgent come first. */
export function sortSecrets(secrets: Secret[], { key, descending }: Sort): void {
  const direction = descending ? -1 : 1;
  const keyOf = keys[key];
  const keyed = new Map(secrets.map((secret) => [secret, keyOf(secret)]));
  secrets.sort((a, b) => direction * inOrder(keyed.get(a) ?? '', keyed.get(b) ?? '') || byUrgency(a, b));
}

function inOrder(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The values of a property among places, most frequent first, with the number of places of each severity. */
export function countBy(
  places: readonly Place[],
  property: (place: Place) => string | undefined,
): { readonly value: string; readonly total: number; readonly bySeverity: readonly number[] }[] {
  const counts = new Map<string, number[]>();
  for (const place of places) {
    const value = property(place);
    if (value === undefined) continue;
    let row = counts.get(value);
    if (row === undefined) counts.set(value, (row = severities.map(() => 0)));
    const rank = severityRank(place);
    row[rank] = (row[rank] ?? 0) + 1;
  }
  return [...counts]
    .map(([value, bySeverity]) => ({
      value,
      bySeverity,
      total: bySeverity.reduce((sum, count) => sum + count, 0),
    }))
    .sort((a, b) => b.total - a.total || inOrder(a.value, b.value));
}
