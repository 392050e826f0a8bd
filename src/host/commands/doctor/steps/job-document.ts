/** The agent's root, and the job documents below it that start this executable. */
import { agentRoots, findInstallation, requireRootAnswers } from '../../../installation/index.ts';
import { JobDocument, lintJob } from '../../../job/index.ts';
import type { Os } from '../../../platform/index.ts';
import { valueOf } from '../../../platform/untrusted-json.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import type { Examination } from './examination.ts';
import { type FoundJob, documentsIn, listOf, programOf, readDocument } from './job-files.ts';
import { type Step, failed, ok, skipped, warning } from './step.ts';

export const installRoot: Step = {
  id: 'install-root',
  title: "The agent's root",
  look: async (examination) => {
    if (examination.hasConfig) {
      examination.isRootSilent = true;
      await requireRootAnswers(examination.config.agentRoot, examination.signal);
      examination.isRootSilent = false;
    }
    const installation = rootOf(examination);
    if (installation !== undefined) return ok(`${installation.root} (${installation.foundBy})`);
    const means =
      "The job document, the agent's port and the agent's log cannot be checked. Runs do not need them.";
    const configured = configuredRoot(examination);
    if (configured !== undefined) {
      return warning(`--agent-root ${configured} contains no folder Jobs`, {
        means,
        change: 'Correct --agent-root.',
      });
    }
    const places = agentRoots(examination.platform.os).join(', ');
    return warning(`not found: none of these folders contains Jobs and appsettings.json: ${places}`, {
      means,
      change: "Give the agent's root with --agent-root.",
    });
  },
};

/** The agent's root; looked for once. */
export function rootOf(examination: Examination): Examination['installation'] {
  if (examination.isRootSilent) return undefined;
  examination.installation ??= findInstallation({
    os: examination.platform.os,
    configured: configuredRoot(examination),
    executable: process.execPath,
  });
  return examination.installation;
}

/** `--agent-root`, if the configuration could be read. */
function configuredRoot(examination: Examination): string | undefined {
  return examination.hasConfig ? examination.config.agentRoot : undefined;
}

export const jobDocument: Step = {
  id: 'job-document',
  title: 'Job documents',
  look: async (examination) => {
    const { job, platform } = examination;
    const installation = rootOf(examination);
    if (installation === undefined) return skipped("not checked: the agent's root was not found");
    const { root } = installation;
    const documents = await jobsOfTask(examination);
    const isOwnThere = documents.some(({ fileName }) => fileName === `${job.id}.json`);
    if (documents.length === 0 || (job.id !== undefined && !isOwnThere)) {
      const wanted = job.id === undefined ? 'no job document starts this executable' : `no ${job.id}.json`;
      return warning(`${wanted} in Jobs below ${root}`, {
        means: 'This root may belong to another installation, or the job is not deployed.',
        change: "Deploy the job, or give the agent's root with --agent-root.",
      });
    }
    const outcomes = documents.map((document) => judge(document, root, platform.os));
    return (
      outcomes.find(({ result }) => result === 'failed') ??
      outcomes.find(({ result }) => result === 'warning') ??
      ok(`valid, with all required topics: ${documents.map(({ path }) => path).join(', ')}`)
    );
  },
};

function judge({ path, fileName, value }: FoundJob, root: string, os: Os): CheckOutcome {
  const problems = lintJob(value, { fileName, os, agentRoot: root });
  const saw = (some: readonly string[]) => `${path}: ${some.join('; ')}`;
  const topics = problems.filter((problem) => problem.startsWith('mqttTopics'));
  const change = 'Correct the document and deploy it again.';
  if (topics.length > 0) {
    const means = 'The agent silently drops publications on topics that the document does not list.';
    return failed('config', saw(topics), { means, change });
  }
  if (!JobDocument.safeParse(value).success) {
    return failed('config', saw(problems), { means: 'The agent may ignore the job or parts of it.', change });
  }
  if (problems.length === 0) return ok(path);
  const means = 'The agent may not run the job as intended.';
  return warning(saw(problems), { means, change });
}

/** The documents whose tasks start this executable: that of this job first. Read once. */
export async function jobsOfTask(examination: Examination): Promise<readonly FoundJob[]> {
  const installation = rootOf(examination);
  if (installation === undefined) return [];
  const { job, platform, readInput, task } = examination;
  examination.documents ??= await (async () => {
    const { found } = await documentsIn('Jobs', installation.root, platform.os, readInput);
    const own = found.filter(({ fileName }) => fileName === `${job.id}.json`);
    const others = found.filter(
      (document) =>
        !own.includes(document) &&
        listOf(document.value, 'tasks').some((each) => programOf(valueOf(each, 'command')) === task.name),
    );
    if (own.length > 0 || job.id === undefined) return [...own, ...others];
    // It may be one that cannot be read: the reason is the outcome of this step.
    const path = platform.path.join(installation.root, 'Jobs', `${job.id}.json`);
    const isThere = await readInput.isThere(path, { what: 'the job document' });
    if (isThere) await readDocument(path, readInput);
    return others;
  })();
  return examination.documents;
}
