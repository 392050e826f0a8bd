/** The flags of `deploy` and `uninstall`, and the texts of their `--help`. */
import * as z from 'zod';
import { CoreOptions, duration } from '../../config/index.ts';
import { type HostExit, hostExitCode } from '../../exit/exit-table.ts';
import { optionGroups } from '../../task/option-groups.ts';
import { LONGEST_PATH, boundedText } from '../../task/text-schemas.ts';
import { MinisignKey } from './minisign.ts';

const { agentRoot, agentTimeout, agentUser, allowUntrustedFiles, caFile, stateDir, tlsServerName } =
  CoreOptions.shape;
const file = boundedText(LONGEST_PATH).optional();

/** How the agent is found and asked. */
export const AgentFlags = z.object({
  agentRoot,
  agent: boundedText(2000).optional().meta({
    description: "Address of the agent's API. By default, the port is read from its appsettings.json",
    placeholder: 'url',
    group: optionGroups.agent,
  }),
  clientCert: file.meta({
    description: "Client certificate (PEM) of an administrator. Without one, the agent's API is not used",
    placeholder: 'file',
    group: optionGroups.agent,
  }),
  clientKey: file.meta({
    description: 'Key (PEM) of --client-cert. Only the current user may be able to read the file',
    placeholder: 'file',
    group: optionGroups.agent,
  }),
  caFile,
  tlsServerName,
  agentUser,
  agentTimeout: agentTimeout.meta({
    description: 'How long to wait for a reply from the agent',
    placeholder: 'time',
    group: optionGroups.agent,
  }),
  allowUntrustedFiles,
});
export type AgentFlags = z.output<typeof AgentFlags>;

export const DeployFlags = AgentFlags.extend({
  archive: z
    .array(boundedText(LONGEST_PATH))
    .max(1, 'expected one archive')
    .default([])
    .meta({ description: 'Archive of a release, with its SHA256SUMS beside it', positional: true }),
  back: z.boolean().default(false).meta({ description: 'Return to the previous version' }),
  this: z.boolean().default(false).meta({
    description: 'Install this executable, with the job document of the package that installed it',
  }),
  job: file.meta({
    description: "Install this job document instead of the archive's",
    placeholder: 'file',
  }),
  noChecksums: z.boolean().default(false).meta({
    description: 'Do not compare the archive with SHA256SUMS',
  }),
  publicKey: MinisignKey.optional().meta({
    description:
      'Require that SHA256SUMS is signed with this key of minisign, in SHA256SUMS.minisig beside it',
    placeholder: 'key',
  }),
  noRun: z.boolean().default(false).meta({ description: 'Do not start the job' }),
  wait: duration('24h').prefault('5m').meta({
    description: 'How long to wait for the run to end that is started',
    placeholder: 'time',
  }),
});
export type DeployFlags = z.output<typeof DeployFlags>;

export const UninstallFlags = AgentFlags.extend({
  withState: z.boolean().default(false).meta({
    description:
      'Remove the state, too. It holds what earlier runs found, and records that were not delivered',
  }),
  stateDir: stateDir.meta({
    description: "Folder of the state. By default, the job document's --state-dir or the usual place",
    placeholder: 'folder',
  }),
});

/** One line for each exit code of a command. */
function exitCodes(ok: string, others: readonly (readonly [HostExit, string])[]): string[] {
  const rows: readonly (readonly [HostExit, string])[] = [
    ['ok', ok],
    ['usage', 'invalid option or argument'],
    ['unreachable', 'the agent is unreachable'],
    ['cannot-write', "the agent's folders are not writable, or other users could change them"],
    ['refused', 'the agent denied access, or its port belongs to another user'],
    ...others,
  ];
  const lines = rows.map(([name, meaning]) => ({ code: hostExitCode(name), meaning }));
  return [
    'Exit codes:',
    ...lines
      .toSorted((one, other) => one.code - other.code)
      .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`),
  ];
}

export const deployHelp = {
  usage: ['[options] <archive>', '[options] --this', '[options] --back'],
  epilogue: [
    ...exitCodes('installed; if a run was started, it completed', [
      ['bad-reply', 'the agent sent an invalid response or rejected the job document'],
      ['unconfirmed', 'installed, but it is not known how the run ended'],
      ['config', 'no agent was found, or the archive, the job document or another file is unusable'],
    ]),
    '',
    'If the run ended with another code, that is the exit code. The new version stays installed.',
  ].join('\n'),
};

export const uninstallHelp = {
  usage: ['[options]'],
  epilogue: exitCodes('removed, or was not installed', [
    ['bad-reply', 'the agent sent an invalid response'],
    ['busy', 'a run is in progress; nothing was removed'],
    ['config', 'no agent was found, or a file is unusable'],
  ]).join('\n'),
};
