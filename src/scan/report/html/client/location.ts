/** Filters in the page's address, so that a view can be kept as a bookmark. */
import { severities } from '../../../model/finding.ts';
import { type Filters, noFilters } from './filters.ts';

const texts = ['text', 'confidence', 'family', 'rule', 'owner', 'team', 'machine'] as const;
const switches = ['shipped', 'spread'] as const;
const states = ['open', 'new', 'persisting', 'moved', 'gone', 'unconfirmed'] as const;
/** For the empty text, which stands for no filter at all. */
const ANY = 'any';

/** @param hash with its `#`, or empty */
export function filtersOf(hash: string): Filters {
  const given = new URLSearchParams(hash.slice(1));
  const filters: Filters = { ...noFilters };
  for (const key of texts) filters[key] = given.get(key) ?? '';
  for (const key of switches) filters[key] = given.has(key);
  const chosen = (given.get('severity') ?? '').split(',');
  filters.severity = new Set(severities.filter((severity) => chosen.includes(severity)));
  const state = given.get('state');
  filters.state = state === ANY ? '' : (states.find((each) => each === state) ?? noFilters.state);
  return filters;
}

/** Empty when there are no filters. */
export function hashOf(filters: Readonly<Filters>): string {
  const parameters = new URLSearchParams();
  for (const key of texts) if (filters[key] !== '') parameters.set(key, filters[key]);
  for (const key of switches) if (filters[key]) parameters.set(key, '1');
  if (filters.severity.size > 0) parameters.set('severity', [...filters.severity].join(','));
  if (filters.state !== noFilters.state) parameters.set('state', filters.state === '' ? ANY : filters.state);
  const text = parameters.toString();
  return text === '' ? '' : `#${text}`;
}
