/** The run after an installation: starts it, waits for its end as far as that can be seen, and reports it. */
import { AgentLog, logFolders } from '../../installation/index.ts';
import { ExitTable, hostExitCode } from '../../exit/exit-table.ts';
import type { CommandContext } from '../../task/command.ts';
import type { JobsApi } from './jobs-api.ts';
import { type Outcome, runOnce } from './outcome.ts';

export interface TriggeredRunOptions {
  readonly api: JobsApi;
  readonly context: CommandContext;
  /** The agent's root. */
  readonly root: string;
  /** The job's id. */
  readonly id: string;
  /** Milliseconds. */
  readonly wait: number;
  readonly say: (line: string) => void;
}

/**
 * Starts the job.
 * @returns the exit code of `deploy`
 * @throws TaskError of an `agent-*` kind if the job cannot be started
 */
export async function triggerRun({
  api,
  context,
  root,
  id,
  wait,
  say,
}: TriggeredRunOptions): Promise<number> {
  const { task, signal, platform } = context;
  const folders = logFolders(root, await api.logPath());
  const log = await AgentLog.open(folders, signal, { emptyCounts: true });
  if (log === undefined) say(`the agent's log cannot be read in ${folders.join(', ')}`);
  const outcome = await runOnce({
    api,
    id,
    program: task.name,
    log,
    wait,
    signal,
    now: () => platform.clock.now(),
  });
  for (const line of outcome.lines) say(line);
  if (signal.aborted) return hostExitCode(signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
  return report(outcome, new ExitTable(task.exitCodes), { id, wait, say });
}

function report(
  { state, code }: Outcome,
  exits: ExitTable,
  { id, wait, say }: Pick<TriggeredRunOptions, 'id' | 'wait' | 'say'>,
): number {
  if (state === 'not-started') {
    say(
      `run not started: the agent's API cannot start jobs. Start it with: KeeperAdminCLI jobs run --id ${id}`,
    );
    return hostExitCode('ok');
  }
  if (state === 'invisible') {
    say(
      'run started; its result cannot be determined: the agent does not report runs, and its log cannot be read',
    );
    return hostExitCode('unconfirmed');
  }
  if (state === 'not-seen') {
    say(
      `run started; it did not report its end within ${Math.round(wait / 1000)} s (--wait): ` +
        `the agent may not report runs, and at level Warning its log does not show runs that need no attention`,
    );
    return hostExitCode('unconfirmed');
  }
  if (code === undefined) {
    say('run ended without an exit code; the agent may have stopped it or could not start it');
    return hostExitCode('internal');
  }
  say(`run ended: ${code} (${exits.meaningOf(code)})`);
  if (exits.isCompleted(code)) return hostExitCode('ok');
  say('the new version stays installed; `deploy --back` returns to the previous one');
  return exits.rows.some((row) => row.code === code) ? code : hostExitCode('internal');
}
