/** KQL, on a table with one column of text that has a record in each row. */
import { type Language, conditionsOf, list, quoted } from './language.ts';

/** What an expression compares or groups by must have a type. */
const typed = (field: string) => (field === 'data.code' ? `toint(r.${field})` : `tostring(r.${field})`);
/** `data.path` is the column `path`. */
const columns = (fields: readonly string[]) =>
  fields.map((field) => `${field.replace('data.', '')} = ${typed(field)}`).join(', ');
const condition = conditionsOf({ isIn: 'in', isNot: ' != ' }, typed);

export const sentinel: Language = {
  name: 'Microsoft Sentinel',
  fence: 'kusto',
  head: ({ events, days, where = [] }, program) => [
    'KepmRecords_CL',
    `| where TimeGenerated > ago(${days}d)`,
    '| extend r = parse_json(RawData)',
    `| where tostring(r.source) == ${quoted(program)} and tostring(r.event) in (${list(events)})`,
    ...where.map((each) => `| where ${condition(each)}`),
  ],
  list: (fields) => [`| project TimeGenerated, ${columns(fields)}`, '| order by TimeGenerated desc'],
  count: (by) => [`| summarize records = count() by ${columns(by)}`, '| order by records desc'],
  machines: (by) => [
    '| extend machine = tostring(r.host)',
    `| summarize machines = dcount(machine), names = make_set(machine) by ${columns(by)}`,
    '| where machines > 1',
    '| order by machines desc',
  ],
  silent: (days) => [
    '| summarize latest = max(TimeGenerated) by host = tostring(r.host)',
    `| where latest < ago(${days}d)`,
  ],
};
