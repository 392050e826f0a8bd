/** The events that the scan logs. */
import type { LogEvent } from '../log/index.ts';

export const scanEvents = {
  rootsResolved: { id: 'scan.roots-resolved', level: 'Information', text: 'Roots resolved' },
  ruleIgnored: { id: 'scan.rule-ignored', level: 'Warning', text: 'Something in the rules is ignored' },
  indexOpened: { id: 'scan.index-opened', level: 'Debug', text: 'File index opened' },
  indexDamaged: {
    id: 'scan.index-damaged',
    level: 'Warning',
    text: 'File index damaged; what it does not hold any more is scanned again',
  },
  resumed: { id: 'scan.resumed', level: 'Information', text: 'Going on where the last run stopped' },
  mountSkipped: {
    id: 'scan.mount-skipped',
    level: 'Information',
    text: 'Mount not entered; name it as a root to scan it',
  },
  progress: { id: 'scan.progress', level: 'Information', text: 'Progress' },
  finding: { id: 'scan.finding', level: 'Warning', text: 'Credential found' },
  findingLow: { id: 'scan.finding-low', level: 'Information', text: 'Credential found, low severity' },
  findingAgain: { id: 'scan.finding-again', level: 'Warning', text: 'Credential is still there' },
  findingMoved: { id: 'scan.finding-moved', level: 'Information', text: 'Credential moved' },
  findingResolved: { id: 'scan.finding-resolved', level: 'Information', text: 'Credential is gone' },
  findingLimit: {
    id: 'scan.finding-limit',
    level: 'Warning',
    text: 'Further findings are counted and not listed',
  },
  unexamined: { id: 'scan.unexamined', level: 'Warning', text: 'Not examined' },
  unexaminedLimit: {
    id: 'scan.unexamined-limit',
    level: 'Warning',
    text: 'Further places that are not examined are counted and not logged',
  },
} as const satisfies Record<string, LogEvent>;
