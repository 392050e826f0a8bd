/** Causes and remedies of the scanner's events and exit codes. The types require one for each of them. */
import type { Advice } from '../../host/task/documentation.ts';
import type { scanEvents } from '../model/events.ts';
import type { scanExits } from '../model/exits.ts';

type ScanEventId = (typeof scanEvents)[keyof typeof scanEvents]['id'];
type ScanExitName = (typeof scanExits)[keyof typeof scanExits]['name'];

const removeIt =
  'Revoke the secret at the service that accepts it, then remove it from the file. [The page of its rule](rules/README.md) says where to revoke it.';

export const scanEventAdvice: Readonly<Record<ScanEventId, Advice>> = {
  'scan.roots-resolved': { cause: 'The files and folders that the run scans.' },
  'scan.rule-ignored': {
    cause: 'A part of the `--rules` file has no effect: `rules` names it.',
    remedy: 'Correct or remove that part.',
  },
  'scan.rules-disabled': {
    cause:
      'The run does not use some rules, because of `--enable-rules`, `--disable-rules` or `--rules-only`. Their secrets are not found: `count` says how many rules are disabled, `rules` names the first of them.',
    remedy:
      'Nothing, if that is intended. Otherwise, remove the option; it may be in the configuration file.',
  },
  'scan.index-opened': {
    cause: 'The index of unchanged files was opened; `state` says whether it could be used.',
  },
  'scan.index-damaged': {
    cause: 'The index of unchanged files is damaged, usually because the machine lost power.',
    remedy: 'Nothing, if it happens once: the files are read again. If it happens again, check the disk.',
  },
  'scan.key-restored': {
    cause: 'The file with the fingerprint key was damaged, and there was an intact copy of it.',
    remedy: 'Nothing, if it happens once. If it happens again, check the disk.',
  },
  'scan.key-replaced': {
    cause: 'The file with the fingerprint key was damaged or missing, and so was its copy.',
    remedy:
      'Make new baselines and ignore lists for this machine. On a fleet, use one key for all machines (`--fingerprint-key`).',
  },
  'scan.key-temporary': {
    cause:
      'The fingerprint key of this user cannot be read or created: `reason` says why. The run used a temporary key.',
    remedy:
      'Nothing, if you do not compare fingerprints. Otherwise, correct the state directory as `reason` says, or set `--fingerprint-key`.',
  },
  'scan.ignore-expired': {
    cause:
      'The `until` date of some entries of `--ignore-list` has passed. Their findings are reported again.',
    remedy: 'Remove the secrets that the entries cover, or give the entries a new date.',
  },
  'scan.resumed': {
    cause: 'The last run ended before it had scanned everything. This run starts with the rest.',
  },
  'scan.mount-skipped': {
    cause:
      'Another file system is mounted inside a folder that is scanned. It was skipped because it is a network file system or of an unknown kind: `type` and `reason` say which.',
    remedy: 'To scan it, name the mount as a path, on one machine only.',
  },
  'scan.progress': { cause: 'The scan is in progress. This record is repeated from time to time.' },
  'scan.finding': { cause: 'A file contains a credential in plain text.', remedy: removeIt },
  'scan.finding-low': {
    cause:
      'A file contains a credential of low severity. It is logged as Information, so that it raises no alert.',
    remedy: removeIt,
  },
  'scan.finding-again': {
    cause: 'The credential was announced `--remind` days ago, and is still there.',
    remedy: removeIt,
  },
  'scan.finding-moved': {
    cause: 'A known credential is in another file of the same owner now: `from` is the earlier one.',
    remedy: removeIt,
  },
  'scan.finding-resolved': {
    cause: 'A known credential is no longer in its file, or the file is gone.',
    remedy: 'Make sure that it was revoked: it may have been copied.',
  },
  'scan.findings-withheld': {
    cause:
      'The files of this owner contain more new findings than one run announces. `counts` says how many, by severity.',
    remedy:
      'Look at the files of this owner first: so many findings often have one cause, such as an export of passwords.',
  },
  'scan.unexamined': {
    cause: 'A file or folder could not be scanned: `reason` says why.',
    remedy: 'See [what was not scanned](findings.md#what-was-not-scanned).',
  },
  'scan.unexamined-limit': {
    cause:
      'More files and folders could not be scanned than are logged one by one; the summary counts the rest.',
    remedy: 'See the reasons in the summary, and [what was not scanned](findings.md#what-was-not-scanned).',
  },
};

export const scanExitAdvice: Readonly<Record<ScanExitName, Advice>> = {
  'no-root': {
    cause: 'A file or folder to scan does not exist, or the user who runs the scan cannot read it.',
    remedy:
      'Correct the path that the line on standard error names. If it is missing on some machines only, use `--allow-missing-roots`.',
  },
  'bad-report': {
    cause:
      '`report merge` found files that are not reports, or are damaged. The page was made from the others.',
    remedy: 'Standard error names each file and the reason. Correct it, or keep it in another folder.',
  },
  incomplete: {
    cause: 'Something could not be scanned, and `--strict` is set. What was scanned is reported as usual.',
    remedy:
      'See the records `scan.unexamined` or the report, and [what was not scanned](findings.md#what-was-not-scanned). Leave out `--strict` if such gaps are acceptable.',
  },
  findings: {
    cause: 'There are findings of the severity in `--fail-on` or above.',
    remedy: 'Revoke and remove the credentials, or accept them with a baseline or an ignore list.',
  },
};
