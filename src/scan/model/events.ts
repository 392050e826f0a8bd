/** The events that the scan logs. */
import type { LogEvent } from '../../host/log/index.ts';

export const scanEvents = {
  rootsResolved: { id: 'scan.roots-resolved', level: 'Information', text: 'Roots resolved' },
  ruleIgnored: { id: 'scan.rule-ignored', level: 'Warning', text: 'Part of the rules file was ignored' },
  rulesDisabled: { id: 'scan.rules-disabled', level: 'Information', text: 'Some rules are disabled' },
  indexOpened: { id: 'scan.index-opened', level: 'Debug', text: 'File index opened' },
  indexDamaged: {
    id: 'scan.index-damaged',
    level: 'Warning',
    text: 'File index damaged; affected files will be rescanned',
  },
  keyRestored: {
    id: 'scan.key-restored',
    level: 'Warning',
    text: 'Fingerprint key damaged; restored it from its copy',
  },
  keyReplaced: {
    id: 'scan.key-replaced',
    level: 'Warning',
    text: 'Fingerprint key damaged; created a new one. All findings are announced again with new fingerprints, and entries of baselines and ignore lists no longer match',
  },
  keyTemporary: {
    id: 'scan.key-temporary',
    level: 'Information',
    text: 'Fingerprint key unusable; fingerprints of this run cannot be compared with those of other runs',
  },
  ignoreExpired: {
    id: 'scan.ignore-expired',
    level: 'Warning',
    text: 'Entries of the ignore list have expired; their findings are reported again',
  },
  resumed: { id: 'scan.resumed', level: 'Information', text: 'Resuming where the last run stopped' },
  mountSkipped: {
    id: 'scan.mount-skipped',
    level: 'Information',
    text: 'Mounted file system skipped; name it as a root to scan it',
  },
  progress: { id: 'scan.progress', level: 'Information', text: 'Progress' },
  finding: { id: 'scan.finding', level: 'Warning', text: 'Credential found', isShownElsewhere: true },
  findingLow: { id: 'scan.finding-low', level: 'Information', text: 'Low-severity credential found' },
  findingAgain: { id: 'scan.finding-again', level: 'Warning', text: 'Credential is still present' },
  findingMoved: { id: 'scan.finding-moved', level: 'Information', text: 'Credential moved to another place' },
  findingResolved: {
    id: 'scan.finding-resolved',
    level: 'Information',
    text: 'Credential is no longer present',
  },
  findingsWithheld: {
    id: 'scan.findings-withheld',
    level: 'Warning',
    text: "Some findings in this owner's files were not announced yet; later runs announce them",
  },
  unexamined: { id: 'scan.unexamined', level: 'Warning', text: 'Not scanned', isShownElsewhere: true },
  unexaminedLimit: {
    id: 'scan.unexamined-limit',
    level: 'Warning',
    text: 'More places were not scanned; they are counted but no longer logged',
    isShownElsewhere: true,
  },
} as const satisfies Record<string, LogEvent>;
