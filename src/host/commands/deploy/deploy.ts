/**
 * Installs a release on this machine's agent, or returns to the previous version. Everything is checked before anything is changed, and if
 * the agent refuses the job document, everything is as before.
 */
import { join } from 'node:path';
import { arch, execPath } from 'node:process';
import { readFlags } from '../../config/index.ts';
import { hostExitCode } from '../../exit/exit-table.ts';
import { TaskError, describeError } from '../../exit/task-error.ts';
import { lintJob } from '../../job/index.ts';
import { printable } from '../../log/index.ts';
import { type ReadInput, inputReader } from '../../platform/index.ts';
import { parseJson } from '../../platform/untrusted-json.ts';
import type { Command, CommandContext } from '../../task/command.ts';
import { agentPlace } from './agent-place.ts';
import { JobsApi } from './jobs-api.ts';
import { DeployFlags, deployHelp } from './options.ts';
import { readPackaged } from './packaged.ts';
import { MAX_DOCUMENT_BYTES, type Places, placesOf } from './places.ts';
import { type Release, type Version, readRelease } from './release.ts';
import { openBelow, remove, writeInto } from './safe-folder.ts';
import { versionOf } from './start-check.ts';
import { triggerRun } from './triggered-run.ts';
import { Versions, isSameVersion } from './versions.ts';

/** Installs an archive, or goes back. */
export const deploy: Command = async (argv, context) => {
  const { task, version, stdout } = context;
  const program = {
    name: `${task.name} deploy`,
    description: "Installs a release on this machine's agent, or returns to the previous version.",
    ...deployHelp,
  };
  const read = readFlags(argv, DeployFlags, program, version);
  if ('options' in read) return await new Deployment(read.options, context).execute();
  stdout.write(read.text);
  return hostExitCode('ok');
};

class Deployment {
  readonly #flags: DeployFlags;
  readonly #context: CommandContext;
  readonly #places: Places;
  readonly #readInput: ReadInput;

  constructor(flags: DeployFlags, context: CommandContext) {
    const { platform, signal, task } = context;
    this.#flags = flags;
    this.#context = context;
    this.#places = placesOf(task.name, platform.os);
    this.#readInput = inputReader({
      elevated: platform.elevated,
      allowUntrusted: flags.allowUntrustedFiles,
      signal,
    });
    if ([...flags.archive, ...[flags.back, flags.this].filter(Boolean)].length !== 1) {
      throw new TaskError('usage', `give one archive, or --back, or --this (see ${task.name} deploy --help)`);
    }
    if (flags.publicKey !== undefined && (flags.noChecksums || flags.archive.length === 0)) {
      throw new TaskError(
        'usage',
        '--public-key needs an archive with its SHA256SUMS; leave out --no-checksums, --this and --back',
      );
    }
  }

  async execute(): Promise<number> {
    const { platform, signal, task } = this.#context;
    const flags = this.#flags;
    const { root, foundBy } = await agentPlace(platform, flags, signal);
    this.#say(`agent: ${root} (${foundBy})`);
    const api = await JobsApi.open({
      flags,
      root,
      os: platform.os,
      readInput: this.#readInput,
      signal,
      say: this.#say,
    });
    // Fails before anything is changed if the agent does not answer, or not to this certificate.
    await api?.describe(task.name);
    const release = flags.back ? undefined : await this.#release(root);
    const versions = Versions.open({
      root,
      places: this.#places,
      elevated: platform.elevated,
      create: release !== undefined,
    });
    if (versions === undefined) {
      throw new TaskError('config', `${task.name} is not installed in ${root}; deploy an archive`);
    }
    try {
      await this.#install(versions, release ?? (await this.#checked(versions.previous(), root)), api);
      this.#writeOthers(root, release?.others ?? []);
    } finally {
      versions.close();
    }
    if (api === undefined) {
      this.#say(
        `the agent's API was not used (no --client-cert); the agent finds the job when it next scans Jobs or restarts. ` +
          `To start it now: KeeperAdminCLI jobs run --id ${task.name}`,
      );
      return hostExitCode('ok');
    }
    if (flags.noRun) return hostExitCode('ok');
    const { wait } = flags;
    return await triggerRun({ api, context: this.#context, root, id: task.name, wait, say: this.#say });
  }

  async #release(root: string): Promise<Release> {
    const { archive, noChecksums, publicKey } = this.#flags;
    const { platform, task } = this.#context;
    const from = { program: task.name, os: platform.os, readInput: this.#readInput };
    const release = this.#flags.this
      ? await readPackaged({ ...from, executable: execPath })
      : await readRelease(archive[0] ?? '', { ...from, arch, checksums: !noChecksums, publicKey });
    return { ...release, ...(await this.#checked(release, root)) };
  }

  async #install(versions: Versions, next: Version, api: JobsApi | undefined): Promise<void> {
    const { task, signal } = this.#context;
    const before = versions.installed();
    const candidate = versions.writeCandidate(next.executable);
    try {
      const version = await versionOf(join(versions.bin.path, candidate), signal);
      this.#say(`replaces: ${await this.#installedVersion(versions, before)}`);
      this.#say(`installs: ${version}${isSameVersion(before, next) ? ' (the same version)' : ''}`);
    } catch (error) {
      remove(versions.bin, candidate);
      throw error;
    }
    const installing = versions.begin();
    try {
      versions.replaceExecutable(candidate);
      await this.#registerJob(versions, next.document, api);
    } catch (error) {
      installing.undo();
      throw error;
    }
    installing.keep();
    this.#say(`installed: ${join(versions.bin.path, this.#places.executable)}, job ${task.name}`);
  }

  /** The version with the document to install. @throws TaskError `config` when that is invalid or another job's */
  async #checked({ executable, document }: Version, root: string): Promise<Version> {
    const { job: file } = this.#flags;
    const text =
      file === undefined
        ? document
        : (await this.#readInput(file, { what: '--job', maxBytes: MAX_DOCUMENT_BYTES })).toString('utf8');
    const name = file ?? this.#places.document;
    let parsed: unknown;
    try {
      parsed = parseJson(text);
    } catch (error) {
      throw new TaskError('config', `the job document ${name} is not valid JSON: ${describeError(error)}`);
    }
    const { os } = this.#context.platform;
    const problems = lintJob(parsed, { fileName: this.#places.document, os, agentRoot: root });
    if (problems.length === 0) return { executable, document: text };
    throw new TaskError('config', `the job document ${name}: ${problems.join('; ')}`);
  }

  async #installedVersion(versions: Versions, { executable }: Partial<Version>): Promise<string> {
    if (executable === undefined) return 'nothing';
    const path = join(versions.bin.path, this.#places.executable);
    return await versionOf(path, this.#context.signal).catch(() => 'a version that does not start');
  }

  /** Through the agent if it has the calls; otherwise, the document is put where the agent looks for it. */
  async #registerJob(versions: Versions, document: string, api: JobsApi | undefined): Promise<void> {
    if (api !== undefined) {
      if (!(await api.validate(document)))
        this.#say("the agent's API cannot validate job documents; skipped");
      if (await api.put(this.#context.task.name, document)) return;
      this.#say("the agent's API cannot create jobs; writing the job document into Jobs");
    }
    versions.replaceDocument(document);
  }

  /** Licences and documents of other scenarios, beside the executable. */
  #writeOthers(root: string, others: Release['others']): void {
    const { elevated } = this.#context.platform;
    for (const { path, content } of others) {
      const names = path.split('/');
      const folder = openBelow(root, [...this.#places.bin, ...names.slice(0, -1)], {
        elevated,
        create: true,
      });
      try {
        if (folder !== undefined) writeInto(folder, names.at(-1) ?? '', content, 0o644);
      } finally {
        folder?.close();
      }
    }
  }

  readonly #say = (line: string): void => {
    this.#context.stdout.write(`${printable(line)}\n`);
  };
}
