/** SPL. Splunk has fields `source` and `host` of its own, so those of a record get other names. */
import { type Language, conditionsOf, list, quoted } from './language.ts';

const named = (field: string) => (field === 'host' ? 'machine' : field);
const columns = (fields: readonly string[]) => fields.map(named).join(' ');
const condition = conditionsOf({ isIn: 'IN', isNot: '!=' }, named);

export const splunk: Language = {
  name: 'Splunk',
  fence: 'spl',
  head: ({ events, days, where = [] }, program) => [
    `index=kepm earliest=-${days}d event IN (${list(events)})`,
    '| spath output=program path=source | spath output=machine path=host',
    `| search ${[`program=${quoted(program)}`, ...where.map(condition)].join(' ')}`,
  ],
  list: (fields) => [`| table _time ${columns(fields)}`, '| sort - _time'],
  count: (by) => [`| stats count by ${columns(by)}`, '| sort - count'],
  machines: (by) => [
    `| stats dc(machine) as machines values(machine) as names by ${columns(by)}`,
    '| where machines > 1',
    '| sort - machines',
  ],
  silent: (days) => [
    '| stats max(_time) as latest by machine',
    `| where latest < relative_time(now(), "-${days}d")`,
    '| convert ctime(latest)',
  ],
};
