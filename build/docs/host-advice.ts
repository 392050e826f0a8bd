/** Causes and remedies of the host's events and exit codes. The types require one for each of them. */
import { agentEvents } from '../../src/host/agent/index.ts';
import { doctorEvents } from '../../src/host/commands/doctor/steps/records.ts';
import { deliveryEvents } from '../../src/host/delivery/index.ts';
import type { HostExit } from '../../src/host/exit/exit-table.ts';
import type { LogEvent } from '../../src/host/log/index.ts';
import type { Advice, Question } from '../../src/host/task/documentation.ts';
import { runEvents } from '../../src/host/task/run-events.ts';

export const hostEvents = [runEvents, agentEvents, deliveryEvents, doctorEvents].flatMap(
  (table): readonly LogEvent[] => Object.values(table),
);

type IdIn<Table extends Record<string, LogEvent>> = Table[keyof Table]['id'];
type HostEventId =
  IdIn<typeof runEvents> | IdIn<typeof agentEvents> | IdIn<typeof deliveryEvents> | IdIn<typeof doctorEvents>;

export const hostEventAdvice: Readonly<Record<HostEventId, Advice>> = {
  'run.started': { cause: 'A run begins.' },
  'run.waiting': {
    cause:
      'The run waits a random part of `--jitter`, so that many machines do not start at the same moment.',
  },
  'run.store-set-aside': {
    cause:
      'The state database is damaged, or was written by a newer version of the program. It was renamed, and a new one was created.',
    remedy:
      'Nothing, if it happens once: everything that still applies is announced again. If it happens again, check the disk, and check whether two versions of the program use the same state directory.',
  },
  'run.state-failed': {
    cause: 'The state directory cannot be written: the disk is full or read-only, or it failed.',
    remedy: 'Make room or repair the disk. The next run finds and announces what this one could not store.',
  },
  'run.failed': {
    cause: 'The run could not do its work. The field `error` says why, and `run.ended` has the exit code.',
    remedy: 'See [the exit code](exit-codes.md).',
  },
  'run.priority-kept': {
    cause: 'The system did not allow the run to lower its own CPU priority.',
    remedy:
      'Nothing, unless the run slows the machine down: then limit its CPU use in the scheduler that starts it. `--priority=normal` avoids this record, because the run does not try.',
  },
  'run.out-of-time': {
    cause: '`--max-duration` expired before the work was finished. Results so far are kept.',
    remedy:
      'Nothing, if the next runs finish the work. If each run ends this way, raise `--max-duration`, or give the run less to do.',
  },
  'run.report-written': { cause: 'A report that `--report` asks for was written.' },
  'run.summary': {
    cause: 'The work is done. The fields are its results. The level is Warning if they need attention.',
    remedy:
      'If the level is Warning, look at the other records of this run: they have the same value in `run`.',
  },
  'run.ended': {
    cause:
      'The last record of each run: `code` is the exit code; `confirmedBy` says what proves that the records arrived. The level is Warning unless the code is 0.',
    remedy: 'See [the exit code](exit-codes.md).',
  },
  'agent.settings-read': {
    cause: 'The agent has sent its settings. `broker` is the address of its broker.',
  },
  'agent.broker-connected': {
    cause: "The run is connected to the agent's broker, and can publish its records.",
  },
  'agent.api-base-replaced': {
    cause:
      "`--keeper-api-base` is missing or is not an address on this machine. The run uses the port in the agent's `appsettings.json`.",
    remedy: 'Put `--keeper-api-base={KeeperApiBaseUrl}` into the arguments of the job document.',
  },
  'agent.broker-moved': {
    cause: 'The agent was restarted during the run, and its broker listens on another port now.',
  },
  'agent.peer-not-checked': {
    cause:
      'On Linux, the run checks which user listens on the ports of the agent. Here, the kernel tables that show it cannot be read: `reason` says why.',
    remedy: 'Use `--ca-file` to verify the agent by its certificate.',
  },
  'agent.not-reached': {
    cause:
      'The agent or its broker did not answer, or refused the run. The work continues, and its records wait for the next run.',
    remedy: 'Check that the agent runs. If it does, run `doctor` as a job: [Doctor](doctor.md).',
  },
  'delivery.lost': {
    cause:
      'The agent accepted no records for so long that the queue on the disk was full. `count` is the number of records that were dropped, the least important first.',
    remedy:
      'Use [`doctor`](doctor.md) to find out why records are not accepted. Then run the program once with `--retell`: it announces again everything that still applies.',
  },
  'delivery.check': {
    cause: "The run had no other record of this level. This one tests whether records reach the agent's log.",
  },
  'doctor.marker': {
    cause: "`doctor` has sent this record, and looks for it in the agent's log.",
  },
  'doctor.warning': {
    cause: 'A step of `doctor` found something that works, but not as it should.',
    remedy: 'The fields say what was found and what to change. [Doctor](doctor.md) lists the steps.',
  },
  'doctor.failed': {
    cause: 'A step of `doctor` failed.',
    remedy: 'The fields say what was found and what to change. Begin with the first step that failed.',
  },
};

export const hostExitAdvice: Readonly<Record<HostExit, Advice>> = {
  ok: {
    cause:
      'The work is done, and none of the other codes applies. Results change the code only if an option asks for it.',
  },
  internal: {
    cause: 'An error in the program itself.',
    remedy:
      'Update to the newest version. If the error remains, report it with the line on standard error and the output of `--version`.',
  },
  usage: {
    cause: 'An option is unknown, or its value is not allowed. Nothing was done.',
    remedy:
      'The line on standard error names the option and what it accepts. Correct the command line, or `arguments` in the job document.',
  },
  config: {
    cause:
      'A file or a variable that configures the run cannot be used; another user could change a file that an option names; or the run was not started by the agent (`KEEPER_JOB_ID` is not set), and neither `--dry-run` nor `--standalone` is given.',
    remedy:
      'The line on standard error names the file or the variable. If you start the program by hand, add `--dry-run`; if a scheduler other than the agent starts it, `--standalone`.',
  },
  terminated: {
    cause:
      'The agent, the system or a person ended the run. Everything found until then is stored and delivered.',
    remedy:
      'Nothing, if it is rare. If the agent ends each run, `timeoutSeconds` in the job document is probably shorter than `--max-duration`: increase it.',
  },
  interrupted: {
    cause: 'A person pressed Ctrl+C. Everything found until then is stored and delivered.',
  },
  busy: {
    cause: 'Another run uses the same state directory.',
    remedy:
      'Nothing, if it is rare. If runs often overlap, make the interval of the job longer than its `timeoutSeconds`.',
  },
  'cannot-write': {
    cause:
      'The state directory or a report cannot be written: the disk is full or read-only, or other users could change the folder.',
    remedy:
      'The line on standard error names the path and the reason. Correct the cause, such as the owner or permissions of the folder, or name another folder.',
  },
  refused: {
    cause:
      "The agent does not accept this process, its client id or its topics; or, on Linux, another user listens on the agent's port.",
    remedy:
      'Run `doctor` as a job: it finds out which of these is the case. If the agent runs as a dedicated user, set `--agent-user`.',
  },
  'bad-reply': {
    cause:
      "The response on the agent's port is not one that the agent would send, or the agent's settings contain no broker address.",
    remedy:
      "Run `doctor`. Check the agent's version, and which program listens on the port; if only the broker's address is missing, set it with `--broker`.",
  },
  unreachable: {
    cause:
      'The agent is not running, is still starting, or listens on another port. The records of this run are stored, and the next run sends them.',
    remedy: 'Start the agent. If it is running, run `doctor` as a job.',
  },
  unconfirmed: {
    cause:
      "The broker has acknowledged the records, but the run did not find them in the agent's log, and no other proof is configured. The work is done; the records are kept and sent again later.",
    remedy:
      "Run `doctor` as a job. The usual causes: the job's user cannot read the agent's log, `KeeperLogger` is missing in `allowedPublications`, or the agent expects another client id or other fields (`doctor --calibrate`).",
  },
};

export const hostQuestions: readonly Question[] = [
  {
    title: 'Runs that did not end well',
    note: 'The codes are explained in [Exit codes](exit-codes.md).',
    events: [runEvents.ended.id],
    days: 1,
    where: [{ field: 'data.code', not: 0 }],
    show: { kind: 'list', fields: ['host', 'job', 'data.code', 'data.confirmedBy'] },
  },
  {
    title: 'Machines that have gone silent',
    note: 'A machine with the default log level of the agent sends nothing while there is nothing to say. For this question, set `system.logging.level` to `Information`.',
    events: [runEvents.ended.id],
    days: 30,
    show: { kind: 'silent', days: 2 },
  },
  {
    title: 'Records that were lost on their way',
    events: [deliveryEvents.lost.id],
    days: 30,
    show: { kind: 'list', fields: ['host', 'message'] },
  },
  {
    title: 'State that could not be written',
    events: [runEvents.stateFailed.id, runEvents.storeSetAside.id],
    days: 7,
    show: { kind: 'count', by: ['event', 'host'] },
  },
  {
    title: 'What doctor says',
    events: [doctorEvents.failed.id, doctorEvents.warning.id],
    days: 7,
    show: { kind: 'list', fields: ['host', 'level', 'message'] },
  },
];
