/**
 * The signature of this executable, as the operating system judges it: `codesign` on macOS, `Get-AuthenticodeSignature` on Windows.
 * KEPM may require that the executables of jobs are signed by a trusted certificate.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Platform } from '../../../platform/index.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import { type Step, ok, skipped, warning } from './step.ts';

/** Milliseconds that a tool of the system may take. PowerShell needs seconds to start. */
const TOOL_TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Absolute path: nothing is searched for. */
const CODESIGN = '/usr/bin/codesign';
/** The executable's path is passed in a variable, so that no character of it is interpreted. */
const QUERY =
  '$s = Get-AuthenticodeSignature -LiteralPath $env:SIGNED_FILE; ' +
  '@{status = [string]$s.Status; subject = [string]$s.SignerCertificate.Subject; ' +
  'thumbprint = [string]$s.SignerCertificate.Thumbprint} | ConvertTo-Json -Compress';

const UNSIGNED = {
  means:
    'KEPM may refuse a job executable that is not signed by a trusted certificate, with 401, 403 or a refused MQTT client.',
  change: 'If the agent refuses this job, sign the executable, as docs/signing.md explains.',
};

export const signature: Step = {
  id: 'signature',
  title: 'Signature of the executable',
  look: ({ platform, signal }) => signatureOf(platform, process.execPath, signal),
};

/** How a tool of the system ended. */
export interface ToolResult {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

async function signatureOf(
  { os, systemRoot, path }: Platform,
  file: string,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  if (os === 'linux') return skipped('not checked: executables are not signed on Linux');
  if (os === 'macOS') {
    return appleSignature(file, await runTool(CODESIGN, ['--verify', '--verbose=1', file], {}, signal));
  }
  const powerShell = path.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const args = ['-NoProfile', '-NonInteractive', '-Command', QUERY];
  return authenticode(
    file,
    await runTool(powerShell, args, { SIGNED_FILE: file, SystemRoot: systemRoot }, signal),
  );
}

async function runTool(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ToolResult> {
  const options = { env, signal, timeout: TOOL_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true };
  try {
    return { code: 0, ...(await promisify(execFile)(tool, [...args], { ...options, encoding: 'utf8' })) };
  } catch (error) {
    const { code, stdout, stderr } = Failure.parse(error);
    return { code: code ?? 'timeout', stdout, stderr };
  }
}

/** What `execFile` adds to its errors. */
const Failure = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
});

/** Judges the output of `codesign --verify`: 0 is valid, 1 is not, others mean that it could not tell. */
export function appleSignature(file: string, { code, stderr }: ToolResult): CheckOutcome {
  if (code === 0) return ok(`${file}: valid on disk (codesign)`);
  const said = stderr.trim().split('\n')[0] ?? '';
  return code === 1
    ? warning(`${file}: ${said}`, UNSIGNED)
    : skipped(`not checked: codesign ended with ${code}`);
}

const Authenticode = z.object({ status: z.string(), subject: z.string(), thumbprint: z.string() });

/** Judges the output of `Get-AuthenticodeSignature`. */
export function authenticode(file: string, { code, stdout }: ToolResult): CheckOutcome {
  const answer = Authenticode.safeParse(jsonIn(stdout)).data;
  if (answer === undefined) return skipped(`not checked: Get-AuthenticodeSignature ended with ${code}`);
  const { status, subject, thumbprint } = answer;
  if (thumbprint === '') return warning(`${file}: ${status}`, UNSIGNED);
  const saw = `${file}: ${status}, signed by ${subject}, thumbprint ${thumbprint}`;
  if (status === 'Valid') return ok(saw);
  return warning(saw, {
    means: UNSIGNED.means,
    change: `Sign it with a certificate that this machine trusts, or add ${thumbprint} to Settings:AlternativeSignatures.`,
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
