/** What `--follow` prints: log lines, output of tasks, runs, and everything that the agent refused or dropped. */
import { printable } from '../../../src/host/log/index.ts';
import type { AgentOptions } from '../options.ts';

type Followed = Pick<AgentOptions, 'onLogLine' | 'onAudit' | 'onRun' | 'onTaskOutput'>;

/** Calls back with one line for each event. */
export function follow(print: (line: string) => void): Followed {
  return {
    onLogLine: print,
    onTaskOutput: ({ jobId, taskId, name, line }) => {
      print(`[${name}] ${jobId}/${taskId}: ${printable(line)}`);
    },
    onAudit: ({ kind, reason, jobId, clientId, topic, call }) => {
      const where = [jobId, clientId, topic, call].filter((part) => part !== undefined).join(' ');
      print(`[${kind}] ${reason}${where === '' ? '' : ` (${where})`}`);
    },
    onRun: ({ jobId, trigger, skipped, tasks, startedAt, endedAt }) => {
      const ends = tasks.map(({ taskId, exitCode, signal, refused, timedOut, isOutputCut }) => {
        const end = refused ?? signal ?? `exit code ${exitCode}`;
        return `${taskId}: ${end}${timedOut ? ', timed out' : ''}${isOutputCut ? ', output cut' : ''}`;
      });
      const seconds = ((endedAt - startedAt) / 1000).toFixed(1);
      print(`[run] ${jobId} (${trigger}) ended after ${seconds} s; ${skipped ?? ends.join(', ')}`);
    },
  };
}
