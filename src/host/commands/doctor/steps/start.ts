/** The first steps of `doctor`: who started this process, and with which environment and configuration. */
import { peerCheck, readAuthorities, readLogin } from '../../../agent/index.ts';
import { describeError } from '../../../exit/task-error.ts';
import { valueOf } from '../../../platform/untrusted-json.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import { textOf } from '../../../platform/index.ts';
import type { Examination } from './examination.ts';
import { jobsOfTask } from './job-document.ts';
import { listOf } from './job-files.ts';
import { type Step, failed, ok, outcomeOf, skipped, warning } from './step.ts';

export const startedBy: Step = {
  id: 'started-by',
  title: 'Started by the agent',
  look: ({ job, platform }) => {
    const parent = parentOf(platform);
    if (job.id !== undefined) return ok(`KEEPER_JOB_ID is ${job.id}${parent}`);
    return warning(`KEEPER_JOB_ID is not set${parent}`, {
      means:
        'Started by hand, or by an agent whose job document has no mqttTopics. The agent trusts only processes that it ' +
        'started, so steps that need its trust are skipped.',
      change: 'To check the whole chain, run doctor as a job of the agent.',
    });
  },
};

/** The parent process, where this is cheap to find out. */
function parentOf(platform: Examination['platform']): string {
  if (platform.os !== 'linux') return '';
  const name = textOf(platform, `/proc/${process.ppid}/comm`).trim();
  return name === '' ? '' : `; the parent process is ${name} (${process.ppid})`;
}

export const environment: Step = {
  id: 'environment',
  title: 'Environment variables',
  look: async (examination) => {
    const { id, name } = examination.job;
    if (id !== undefined && name !== undefined)
      return ok(`KEEPER_JOB_ID is ${id}, KEEPER_JOB_NAME is ${name}`);
    if (id !== undefined) {
      return warning('KEEPER_JOB_ID is set, KEEPER_JOB_NAME is not', {
        means: 'The agent normally sets both. The id is used for {jobName} in --client-id-template.',
      });
    }
    const documents = await jobsOfTask(examination);
    if (documents.length === 0) return skipped('not set, and no job document for this executable was found');
    const silent = documents.find(({ value }) => topicCount(value) === 0);
    if (silent === undefined) return skipped('not set: the agent sets them for the processes that it starts');
    return failed('config', `not set, and ${silent.path} has no entry in mqttTopics`, {
      means:
        'The agent sets KEEPER_JOB_ID only for jobs with an entry there. It denies all publications of this job.',
      change: 'Add "mqttTopics": {"allowedPublications": ["KeeperLogger"]} at the root of the job document.',
    });
  },
};

/** Entries of `mqttTopics` in a job document. */
function topicCount(document: unknown): number {
  const topics = valueOf(document, 'mqttTopics');
  return listOf(topics, 'allowedPublications').length + listOf(topics, 'allowedSubscriptions').length;
}

export const configuration: Step = {
  id: 'configuration',
  title: 'Configuration',
  look: async (examination) => {
    const { hasConfig, configError, exits } = examination;
    if (hasConfig) return trustSettings(examination);
    return {
      ...outcomeOf(configError, exits),
      saw: describeError(configError),
      means: 'A run with these arguments, variables and files ends before it does any work.',
      change: "Correct this option in the job's arguments, in the environment or in the --config file.",
    };
  },
};

/** Reads what the configuration names, and prepares the check of the ports' owners. */
async function trustSettings(examination: Examination): Promise<CheckOutcome> {
  const { config, platform, readInput } = examination;
  const { agentUser, caFile, tlsServerName } = config;
  examination.peers = peerCheck({
    os: platform.os,
    agentUser,
    // The step for the broker's port shows it.
    onUnreadable: () => undefined,
  });
  if (caFile !== undefined) {
    examination.authorities = await readAuthorities(caFile, readInput, tlsServerName);
  }
  examination.login = await readLogin(config, readInput);
  return ok('valid');
}
