/** The agent's API: liveness, certificate, trust, clock. */
import type { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import {
  type ApiReply,
  SETTINGS_PATH,
  certificateAt,
  connectToPeer,
  isCertificateRefusal,
  jsonOf,
  requestApi,
} from '../../../agent/index.ts';
import { TaskError, describeError, errorKind } from '../../../exit/task-error.ts';
import { type LoopbackEndpoint, loopbackUrl } from '../../../platform/index.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import type { Examination } from './examination.ts';
import { type Step, failed, ok, skipped, warning } from './step.ts';

/** Seconds between the agent's clock and ours that are not worth a warning. */
const CLOCK_TOLERANCE = 60;

/** Sends a GET request as the configuration asks for. */
async function ask(examination: Examination, path: string): Promise<ApiReply> {
  const { apiBase, authorities, peers } = examination;
  if (apiBase === undefined || peers === undefined)
    throw new TypeError('the address of the API is not known');
  return requestApi(path, { apiBase, authorities, peers, signal: examination.within() });
}

const Health = z.looseObject({ status: z.string(), version: z.string().optional() });

export const health: Step = {
  id: 'health',
  title: 'Agent alive (/health)',
  needs: ['port'],
  look: async (examination) => {
    let reply: ApiReply;
    try {
      reply = await ask(examination, '/health');
    } catch (error) {
      // The next step shows the certificate.
      if (isCertificateRefusal(error)) return ok('the port answers, but its certificate is not accepted');
      return await healthElsewhere(error, examination);
    }
    return judgeHealth(reply, examination);
  },
};

/** Nothing answers at the address that was given: like a run, tries the one of the agent's own configuration. */
async function healthElsewhere(error: unknown, examination: Examination): Promise<CheckOutcome> {
  const { apiBase, installedApiBase } = examination;
  const isOther = installedApiBase !== undefined && installedApiBase !== apiBase;
  if (errorKind(error) !== 'agent-unreachable' || !isOther) throw error;
  examination.apiBase = installedApiBase;
  const outcome = judgeHealth(await ask(examination, '/health'), examination);
  if (outcome.result !== 'ok') return outcome;
  return warning(`nothing answers at ${apiBase}; ${installedApiBase}: ${outcome.saw}`, {
    means: 'The agent listens on the port in its appsettings.json. A run uses that port, after a delay.',
    change: 'Pass --keeper-api-base={KeeperApiBaseUrl} in the job, and restart the agent.',
  });
}

function judgeHealth(reply: ApiReply, examination: Examination): CheckOutcome {
  examination.health = reply;
  examination.healthAt = examination.platform.clock.now();
  const body = Health.safeParse(jsonOf(reply)).data;
  if (reply.status === 200 && body !== undefined) {
    return ok(`HTTP 200, ${body.status}${body.version === undefined ? '' : `, version ${body.version}`}`);
  }
  return warning(`HTTP ${reply.status} from ${examination.apiBase}/health`, {
    means: 'Something answers on this port, but not as documented by KEPM. It may be another program.',
    change: "Compare the port with KestrelHttpsPort in the agent's appsettings.json.",
  });
}

export const certificate: Step = {
  id: 'certificate',
  title: "The agent's certificate",
  needs: ['health'],
  look: async (examination) => {
    const { apiBase, authorities, peers, config } = examination;
    const endpoint = apiBase === undefined ? undefined : loopbackUrl(apiBase);
    if (endpoint === undefined || peers === undefined) return skipped('not checked: no address');
    const presented = await reached(certificateAt(endpoint, { peers, signal: examination.within() }));
    if (presented === undefined) return skipped('the agent presented no certificate');
    const saw = describe(presented);
    if (authorities === undefined) return unverified(presented, saw, examination);
    try {
      const signal = examination.within();
      (await reached(connectToPeer({ endpoint, authorities, peers, signal }))).destroy();
      return ok(`${saw}; accepted by ${config.caFile}`);
    } catch (error) {
      if (!isCertificateRefusal(error)) throw error;
      return failed('unreachable', `${saw}; refused: ${describeError(error)}`, {
        means: `The certificate does not match --ca-file ${config.caFile} and the name ${nameOf(endpoint)}.`,
        change: remedy(presented, examination),
      });
    }
  },
};

/** The result; errors of the system mean that the agent no longer answers. @throws TaskError, or an error about the certificate */
async function reached<Result>(attempt: Promise<Result>): Promise<Result> {
  try {
    return await attempt;
  } catch (cause) {
    if (errorKind(cause) !== 'internal' || isCertificateRefusal(cause)) throw cause;
    throw new TaskError('agent-unreachable', 'the agent stopped answering', { cause });
  }
}

const nameOf = ({ address, serverName }: LoopbackEndpoint) => serverName ?? address;

/** One line: subject, names, validity, issuer, thumbprint. */
function describe(certificate: X509Certificate): string {
  const { subject, issuer, subjectAltName = 'no names', validFrom, validTo, fingerprint256 } = certificate;
  const isSelfSigned = subject === issuer;
  return [
    `${subject.replaceAll('\n', ', ')} for ${subjectAltName}`,
    `valid from ${validFrom} to ${validTo}`,
    isSelfSigned ? 'self-signed' : `issued by ${issuer.replaceAll('\n', ', ')}`,
    `SHA-256 ${fingerprint256}`,
  ].join('; ');
}

/** Without `--ca-file`, a run accepts any certificate on the loopback address. */
function unverified(certificate: X509Certificate, saw: string, examination: Examination): CheckOutcome {
  const problem = validityProblem(certificate, examination) ?? nameProblem(certificate);
  if (problem === undefined) return ok(saw);
  return warning(saw, {
    means: `${problem}. A run accepts it because certificates on loopback are not verified without --ca-file. With --ca-file, a run would refuse it.`,
    change: 'Restart the agent, which creates a new certificate, and check the clock.',
  });
}

function validityProblem(certificate: X509Certificate, { platform }: Examination): string | undefined {
  const now = platform.clock.now();
  if (Date.parse(certificate.validFrom) > now) return 'It is not valid yet';
  return Date.parse(certificate.validTo) < now ? 'It has expired' : undefined;
}

function nameProblem(certificate: X509Certificate): string | undefined {
  const isLocal =
    certificate.checkHost('localhost') !== undefined || certificate.checkIP('127.0.0.1') !== undefined;
  return isLocal ? undefined : 'It names neither localhost nor 127.0.0.1';
}

function remedy(certificate: X509Certificate, examination: Examination): string {
  const problem = validityProblem(certificate, examination);
  if (problem !== undefined)
    return 'Restart the agent, which creates a new certificate, and check the clock.';
  if (nameProblem(certificate) !== undefined)
    return 'Give the name in the certificate with --tls-server-name.';
  return "Export the agent's certificate authority again; it may have changed when the agent restarted.";
}

export const tier: Step = {
  id: 'tier',
  title: 'Trusted by the agent',
  needs: ['health', 'certificate'],
  look: async (examination) => {
    let reply: ApiReply;
    try {
      reply = await ask(examination, SETTINGS_PATH);
    } catch (error) {
      // The next step shows why there is no reply.
      examination.settingsError = error;
      return skipped('not known: no reply from Plugin Settings');
    }
    examination.settingsReply = reply;
    const { status } = reply;
    if (status !== 401 && status !== 403) return ok(`Plugin Settings: HTTP ${status}, not refused`);
    const saw = `Plugin Settings: HTTP ${status}, refused`;
    if (examination.isByHand) {
      return warning(saw, {
        means:
          "This is normal for a process that the agent did not start. Steps that need the agent's trust are skipped.",
        change: 'Run doctor as a job of the agent.',
      });
    }
    return failed('refused', saw, {
      means:
        'The agent does not recognise this process as one that it started, does not trust the certificate that signed ' +
        'the executable, or grants it another tier.',
      change:
        'Let the job start the executable directly, not through a script. Sign it, or add the thumbprint of its ' +
        'certificate to Settings:AlternativeSignatures (see the step "Signature of the executable").',
    });
  },
};

export const clock: Step = {
  id: 'clock',
  title: 'Clock',
  needs: ['health'],
  look: ({ health: reply, healthAt = 0 }) => {
    const theirs = Date.parse(reply?.date ?? '');
    if (Number.isNaN(theirs)) return skipped('the agent sent no date');
    const seconds = Math.round((healthAt - theirs) / 1000);
    const saw = `${Math.abs(seconds)} s difference difference between the agent's clock and this process's`;
    if (Math.abs(seconds) <= CLOCK_TOLERANCE) return ok(saw);
    return warning(saw, {
      means: "The times of records and of the agent's log differ, and certificates may seem invalid.",
      change: 'Correct the clock of this machine; both processes run on it.',
    });
  },
};
