/** Whether what was published is in the agent's log. */
import { logFolders } from '../../../installation/index.ts';
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
    const { marker, settings } = examination;
    const root = rootOf(examination)?.root;
    if (root === undefined) return notReadable(marker, "the agent's root was not found");
    const folders = logFolders(root, settings?.logPath);
    const found = await watchFor(
      marker,
      folders,
      ({ lines }) => lines.length > 0,
      examination.within(LOG_DELAY_MS),
    );
    const [line] = found.lines;
    if (line !== undefined) return ok(`${line.path}: ${line.text.trim().slice(0, MAX_SHOWN)}`);
    if (found.files.length === 0) return notReadable(marker, reasonOf(found, folders));
    return failed('refused', `${marker} is in none of ${found.files.join(', ')} after ${LOG_DELAY_MS / 1000} s`, {
      means:
        'The agent acknowledged the record and dropped it: it does not recognise the job in the client id, does not allow ' +
        'the topic, does not understand the payload, or cannot write its log.',
      change:
        'Check mqttTopics.allowedPublications and the room on the disk of the log; then let doctor --calibrate find the ' +
        'client id and the payload.',
    });
  },
};

function notReadable(marker: string, reason: string) {
  return warning(`not searched: ${reason}`, {
    means: 'Nothing proves that the agent accepted the record: it acknowledges those that it drops, too.',
    change: `Look for ${marker} in KeeperLogger's log file, or name the agent's root with --agent-root.`,
  });
}

function reasonOf({ problems }: LogLook, folders: readonly string[]): string {
  return problems.length > 0 ? problems.join('; ') : `no log file in ${folders.join(', ')}`;
}
