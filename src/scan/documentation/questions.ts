/** Sample queries about findings. */
import type { Question } from '../../host/task/documentation.ts';
import { scanEvents } from '../model/events.ts';

const { finding, findingAgain, findingLow, findingResolved, findingsWithheld, unexamined } = scanEvents;

export const questions: readonly Question[] = [
  {
    title: 'New findings of high and critical severity',
    events: [finding.id],
    days: 1,
    where: [{ field: 'data.severity', in: ['critical', 'high'] }],
    show: { kind: 'list', fields: ['host', 'data.severity', 'data.rule', 'data.path', 'data.line'] },
  },
  {
    title: 'The same secret on several machines',
    note: 'This needs the same `--fingerprint-key` on all machines: otherwise, each machine gives the same secret another fingerprint.',
    events: [finding.id, findingLow.id, findingAgain.id],
    days: 90,
    show: { kind: 'machines', by: ['data.fingerprint', 'data.rule'] },
  },
  {
    title: 'The most frequent kinds of credentials',
    events: [finding.id, findingLow.id],
    days: 30,
    show: { kind: 'count', by: ['data.rule', 'data.severity'] },
  },
  {
    title: 'Resolved findings',
    note: 'These records have the level Information, which an agent with default settings drops.',
    events: [findingResolved.id],
    days: 7,
    show: { kind: 'count', by: ['host', 'data.severity'] },
  },
  {
    title: 'What could not be scanned',
    events: [unexamined.id],
    days: 7,
    show: { kind: 'count', by: ['data.reason', 'host'] },
  },
  {
    title: 'Users with a flood of findings',
    events: [findingsWithheld.id],
    days: 7,
    show: { kind: 'list', fields: ['host', 'message'] },
  },
];
