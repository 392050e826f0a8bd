/** ES|QL, on documents that have the record below `kepm`. */
import { type Language, conditionsOf, list, quoted } from './language.ts';

const named = (field: string) => `kepm.${field}`;
const columns = (fields: readonly string[]) => fields.map(named).join(', ');
const condition = conditionsOf({ isIn: 'IN', isNot: ' != ' }, named);

export const elastic: Language = {
  name: 'Elastic',
  fence: 'esql',
  head: ({ events, days, where = [] }, program) => [
    'FROM logs-*',
    `| WHERE @timestamp > NOW() - ${days} days AND ${named('source')} == ${quoted(program)}`,
    `| WHERE ${named('event')} IN (${list(events)})`,
    ...where.map((each) => `| WHERE ${condition(each)}`),
  ],
  list: (fields) => ['| SORT @timestamp DESC', `| KEEP @timestamp, ${columns(fields)}`],
  count: (by) => [`| STATS records = COUNT(*) BY ${columns(by)}`, '| SORT records DESC'],
  machines: (by) => [
    `| STATS machines = COUNT_DISTINCT(kepm.host), names = VALUES(kepm.host) BY ${columns(by)}`,
    '| WHERE machines > 1',
    '| SORT machines DESC',
  ],
  silent: (days) => [
    '| STATS latest = MAX(@timestamp) BY kepm.host',
    `| WHERE latest < NOW() - ${days} days`,
  ],
};
