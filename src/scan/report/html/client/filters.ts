/** What filters and the search leave of the findings. Knows no element of the page. */
import type { Severity } from '../../../model/finding.ts';
import type { PageState } from '../page-data.ts';
import type { Place } from './model.ts';

export interface Filters {
  /** Words that all must occur. */
  text: string;
  /** Empty: all. */
  severity: ReadonlySet<Severity>;
  /** Texts are the one value to show; empty: all. */
  confidence: string;
  family: string;
  rule: string;
  owner: string;
  team: string;
  machine: string;
  /** `open`: all but those that are gone. */
  state: '' | 'open' | PageState;
  /** Show findings in unmodified files of packages. */
  shipped: boolean;
  /** Only secrets that are on several machines. */
  spread: boolean;
}

/** Shows the findings with these filters and no others. */
export type Show = (filters: Partial<Filters>) => void;

export const noFilters: Readonly<Filters> = {
  text: '',
  severity: new Set(),
  confidence: '',
  family: '',
  rule: '',
  owner: '',
  team: '',
  machine: '',
  state: 'open',
  shipped: false,
  spread: false,
};

export const isOpen = ({ finding }: Place): boolean =>
  finding.state !== 'gone' && finding.state !== 'unconfirmed';

export const isShipped = ({ finding }: Place): boolean => finding.shippedBy !== undefined;

/** The places that pass all filters but `spread`, which concerns secrets. */
export function filtered(places: readonly Place[], filters: Readonly<Filters>): Place[] {
  const { severity, confidence, family, rule, owner, team, machine, state, shipped } = filters;
  const words = filters.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return places.filter((place) => {
    const { finding } = place;
    return (
      (severity.size === 0 || severity.has(finding.severity)) &&
      (shipped || !isShipped(place)) &&
      (state === '' || (state === 'open' ? isOpen(place) : finding.state === state)) &&
      (confidence === '' || finding.confidence === confidence) &&
      (family === '' || place.rule.family === family) &&
      (rule === '' || place.rule.id === rule) &&
      (owner === '' || finding.owner === owner) &&
      (team === '' || finding.team === team) &&
      (machine === '' || place.machine.name === machine) &&
      words.every((word) => place.text.includes(word))
    );
  });
}
