/**
 * `npm run agent`: the local agent on the command line. Prints one line of JSON on standard output when it is ready, then runs until
 * SIGINT or SIGTERM. It picks up documents that are placed in `Jobs/`. SIGHUP restarts the broker; SIGUSR2 restarts the API and the broker
 * on other ports. The agent itself is in `scripts/local-agent`.
 */
import { hideBin } from 'yargs/helpers';
import { describeError } from '../src/host/exit/task-error.ts';
import { agentOptions, parseFlags } from './local-agent/command-line/agent-options.ts';
import { follow } from './local-agent/command-line/follow.ts';
import { type LocalAgent, startAgent } from './local-agent/index.ts';

const flags = parseFlags(hideBin(process.argv));

try {
  const agent = await startAgent({ ...agentOptions(flags), ...(flags.follow === true ? follow(say) : {}) });
  // Before the line that says where to send signals.
  obeySignals(agent);
  console.log(JSON.stringify(readyLine(agent)));
} catch (error) {
  fail(error);
}

/** With `--follow`, prints a line on standard error. */
function say(text: string): void {
  if (flags.follow === true) console.error(text);
}

function complain(error: unknown): void {
  console.error(`npm run agent: ${describeError(error)}`);
}

function fail(error: unknown): void {
  complain(error);
  process.exitCode = 1;
}

function obeySignals(agent: LocalAgent): void {
  process.on('SIGHUP', () => {
    agent
      .restartBroker()
      .then(() => say(`[broker] restarted with a new certificate on port ${agent.brokerPort}`), complain);
  });
  process.on('SIGUSR2', () => {
    agent
      .restartAgent({ port: 'new' })
      .then(
        () =>
          say(
            `[agent] restarted with a new certificate: ${agent.apiBase}, broker on port ${agent.brokerPort}`,
          ),
        complain,
      );
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      agent.stop().catch(fail);
    });
  }
}

/** What a script or a person needs to talk to the agent. */
function readyLine({ apiBase, httpBase, brokerPort, root, logFile, auditFile, certificates }: LocalAgent) {
  const { ca, adminCertificate, adminKey } = certificates;
  const credentials = `--cacert '${ca}' --cert '${adminCertificate}' --key '${adminKey}'`;
  return {
    pid: process.pid,
    apiBase,
    httpBase,
    brokerPort,
    root,
    logFile,
    auditFile,
    certificates,
    runAJob: `curl -X POST ${credentials} ${apiBase}/api/Jobs/JOB-ID/run`,
  };
}
