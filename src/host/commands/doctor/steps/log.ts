/** Whether what was published is in the agent's log. */
import { logFolders } from '../../../installation/index.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import type { Examination } from './examination.ts';
import { rootOf } from './job-document.ts';
import { type LogLook, watchFor } from './log-search.ts';
import { type Step, failed, ok, warning } from './step.ts';

/** Milliseconds that the agent may take to write a record. */
const LOG_DELAY_MS = 5000;
/** Characters of a line that are shown. */
const MAX_SHOWN = 300;

export const seenInLog: Step = {
  id: 'log',
  title: "Record in the agent's log",
  needs: ['publication', 'minimum-level'],
  look: async (examination) => {
    const { marker } = examination;
    const folders = logFoldersOf(examination);
    if (folders.length === 0) return notReadable(marker, "the agent's root was not found");
    const found = await watchFor(
      marker,
      folders,
      ({ lines }) => lines.length > 0,
      examination.within(LOG_DELAY_MS),
    );
    const [line] = found.lines;
    if (line !== undefined) return ok(`${line.path}: ${line.text.trim().slice(0, MAX_SHOWN)}`);
    if (found.files.length === 0) return notReadable(marker, reasonOf(found, folders));
    return missing(examination, found.files);
  },
};

/** Folders that may contain the agent's log; empty if none is known. */
export function logFoldersOf(examination: Examination): readonly string[] {
  return logFolders(rootOf(examination)?.root, examination.settings?.logPath);
}

/** The record is in none of the files. What the broker said on the probe topic narrows the cause down. */
function missing({ marker, probe }: Examination, files: readonly string[]): CheckOutcome {
  const saw = `${marker} was not found in ${files.join(', ')} after ${LOG_DELAY_MS / 1000} s`;
  if (probe === 'recognised') {
    return failed('unconfirmed', saw, {
      means:
        'The client id is recognised. The agent does not understand the record format, does not allow KeeperLogger for ' +
        'this job, cannot write its log, or writes it elsewhere.',
      change:
        'Check mqttTopics.allowedPublications, the free space for the log and log.file.path. Then let ' +
        'doctor --calibrate find the record format.',
    });
  }
  return failed(probe === 'accepted' ? 'refused' : 'unconfirmed', saw, {
    means:
      'The agent acknowledged the record but dropped it. It does not recognise the job in the client id, does not allow the ' +
      'topic, does not understand the record, or cannot write its log.',
    change:
      'Check mqttTopics.allowedPublications and the free space for the log. Then let doctor --calibrate find the ' +
      'client id and the record format.',
  });
}

function notReadable(marker: string, reason: string): CheckOutcome {
  return warning(`not searched: ${reason}`, {
    means: 'It is not known whether the agent accepted the record; the acknowledgement does not prove it.',
    change: `Look for ${marker} in KeeperLogger's log file, or give the agent's root with --agent-root.`,
  });
}

function reasonOf({ problems }: LogLook, folders: readonly string[]): string {
  return problems.length > 0 ? problems.join('; ') : `no log file in ${folders.join(', ')}`;
}
