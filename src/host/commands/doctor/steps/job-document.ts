/** The agent's root, and the job document below it. */
import { agentRoots, findInstallation } from '../../../installation/index.ts';
import { JobDocument, lintJob } from '../../../job/index.ts';
import type { Examination } from './examination.ts';
import { type FoundJob, documentsIn, listOf, programOf, readDocument, valueOf } from './job-files.ts';
import { type Step, failed, ok, skipped, warning } from './step.ts';

export const installRoot: Step = {
  id: 'install-root',
  title: "The agent's root",
  look: (examination) => {
    const installation = rootOf(examination);
    if (installation !== undefined) return ok(`${installation.root} (${installation.foundBy})`);
    const { os } = examination.platform;
    return warning(`not found: no folder with Jobs and appsettings.json among ${agentRoots(os).join(', ')}`, {
      means: "The job document, the agent's port and its log cannot be checked. A run does not need them.",
      change: 'Name the root with --agent-root.',
    });
  },
};

/** The agent's root; looked for once. */
export function rootOf(examination: Examination): Examination['installation'] {
  const { platform, hasConfig } = examination;
  const configured = hasConfig ? examination.config.agentRoot : undefined;
  examination.installation ??= findInstallation({
    os: platform.os,
    configured,
    executable: process.execPath,
  });
  return examination.installation;
}

export const jobDocument: Step = {
  id: 'job-document',
  title: 'Job document',
  look: async (examination) => {
    const { job, platform } = examination;
    const installation = rootOf(examination);
    if (installation === undefined) return skipped("not checked: the agent's root was not found");
    const { root } = installation;
    const document = await jobOfTask(examination);
    if (document === undefined) {
      const wanted = job.id === undefined ? 'of this executable' : `Jobs/${job.id}.json`;
      return warning(`no document ${wanted} below ${root}`, {
        means: 'This root may belong to another installation, or the job is not deployed.',
        change: 'Deploy the job, or name the root with --agent-root.',
      });
    }
    return judge(document, root, platform.os);
  },
};

function judge({ path, fileName, value }: FoundJob, root: string, os: Examination['platform']['os']) {
  const problems = lintJob(value, { fileName, os, agentRoot: root });
  const topics = problems.filter((problem) => problem.startsWith('mqttTopics'));
  const change = 'Correct the document and deploy it again.';
  if (topics.length > 0) {
    const means = 'The agent drops publications on topics that the document does not list, without an error.';
    return failed('config', `${path}: ${topics.join('; ')}`, { means, change });
  }
  if (!JobDocument.safeParse(value).success) {
    const means = 'The agent may ignore the job or parts of it.';
    return failed('config', `${path}: ${problems.join('; ')}`, { means, change });
  }
  if (problems.length > 0) {
    return warning(`${path}: ${problems.join('; ')}`, {
      means: 'The agent may run the job differently from what is intended.',
      change,
    });
  }
  return ok(`${path}, with the topics that it needs`);
}

/** The document of this job; by hand, the one whose id or command is the name of the task. */
export async function jobOfTask(examination: Examination): Promise<FoundJob | undefined> {
  const installation = rootOf(examination);
  if (installation === undefined || examination.document !== undefined) return examination.document;
  const { job, platform, readInput, task } = examination;
  const fileName = `${job.id ?? task.name}.json`;
  const path = platform.path.join(installation.root, 'Jobs', fileName);
  if (await readInput.isThere(path, { what: 'the job document' })) {
    examination.document = { path, fileName, value: await readDocument(path, readInput) };
  } else if (job.id === undefined) {
    const { found } = await documentsIn('Jobs', installation.root, platform.os, readInput);
    examination.document = found.find(({ value }) =>
      listOf(value, 'tasks').some((each) => programOf(valueOf(each, 'command')) === task.name),
    );
  }
  return examination.document;
}
