/** The address of the agent's API: the one that the run is given, compared with the agent's own configuration. */
import { readHttpsPort } from '../../../installation/index.ts';
import { apiBaseProblem } from '../../../agent/index.ts';
import { loopbackUrl } from '../../../platform/index.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import type { Examination } from './examination.ts';
import { rootOf } from './job-document.ts';
import { type Step, failed, ok, warning } from './step.ts';

const FROM_FILE = 'KestrelHttpsPort in appsettings.json';

export const port: Step = {
  id: 'port',
  title: "Port of the agent's API",
  needs: ['configuration'],
  look: (examination) => {
    const root = rootOf(examination)?.root;
    const own = root === undefined ? undefined : readHttpsPort(root);
    if (own !== undefined) examination.installedApiBase = `https://127.0.0.1:${own}`;
    const given = examination.config.keeperApiBase;
    const endpoint = given === undefined ? undefined : loopbackUrl(given);
    if (given === undefined || endpoint === undefined) return replaced(examination, given, own);
    examination.apiBase = given.replace(/\/+$/, '');
    const shown = `--keeper-api-base is ${given}`;
    if (own === undefined) return ok(`${shown}; ${FROM_FILE} is not available for comparison`);
    if (own === endpoint.port) return ok(`${shown}, as is ${FROM_FILE}`);
    return warning(`${shown}, but ${FROM_FILE} is ${own}`, {
      means: 'One of the two is out of date. The port changes only when the service restarts.',
      change: 'Pass --keeper-api-base={KeeperApiBaseUrl} in the job, and restart the agent.',
    });
  },
};

/** The address that was given cannot be used: the agent's own configuration may have it. */
function replaced(
  examination: Examination,
  given: string | undefined,
  own: number | undefined,
): CheckOutcome {
  const shown = `--keeper-api-base is ${apiBaseProblem(given)}`;
  const change =
    "Pass --keeper-api-base={KeeperApiBaseUrl} in the job's arguments; the agent replaces the placeholder. If the agent is " +
    'installed elsewhere, give its root with --agent-root.';
  if (own === undefined) {
    return failed('unreachable', `${shown}, and ${FROM_FILE} was not found`, {
      means: 'The agent cannot be found. A run still does its work and keeps its records for later.',
      change,
    });
  }
  examination.apiBase = examination.installedApiBase;
  const saw = `${shown}; ${FROM_FILE} is ${own}, which is used`;
  if (given === undefined && examination.isByHand) return ok(saw);
  return warning(saw, {
    means: 'The agent has not replaced {KeeperApiBaseUrl}, or the job does not pass it.',
    change,
  });
}
