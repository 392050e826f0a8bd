/** What a refusal by the agent may mean, in one place: the agent gives no reason, so each message names every possible cause. */
import { TaskError } from '../exit/task-error.ts';

/** KEPM documentation, "Custom tooling overview" and "Signed certificate support". */
const processCauses = [
  'this process was not started by the agent',
  'the executable is not signed by a certificate that the agent trusts',
];

/** HTTP 401 or 403. @param program the executable's name */
export function settingsRefused(origin: string, status: number, program: string): TaskError {
  const what = `the agent at ${origin} answered the Plugin Settings request with HTTP ${status}`;
  return refused(what, [...processCauses, 'the agent grants it a lower tier'], program);
}

/** CONNACK codes (MQTT 3.1.1, section 3.2.2.3; MQTT 5, section 3.2.2.2) for a refused client. */
const refusalCodes = new Set([2, 4, 5, 133, 134, 135, 138]);
/** Those of them that mean a wrong user name or password. */
const loginCodes = new Set([4, 134]);
/** CONNACK codes for an unsupported version of the protocol. */
const versionMismatch = new Set([1, 132]);

/** The meaning of a CONNACK's code; undefined for other errors and for temporary ones. */
export function brokerRefusal(error: Error, program: string): TaskError | undefined {
  const code = codeOfMqtt(error);
  if (code === undefined) return undefined;
  if (refusalCodes.has(code)) return brokerRefused(code, program);
  if (versionMismatch.has(code)) {
    const problem = "the agent's broker does not speak this MQTT version; set --mqtt-version=auto";
    return new TaskError('agent-reply', problem, { cause: error });
  }
  return undefined;
}

/** The reason code of an MQTT packet; system errors have a textual code instead. */
export function codeOfMqtt(error: Error): number | undefined {
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

function brokerRefused(code: number, program: string): TaskError {
  const causes = [...processCauses, 'the client id has the wrong form (--client-id-template)'];
  const login = 'the broker requires a user name and password (--mqtt-user, --mqtt-password-file)';
  return refused(
    `the agent's broker refuses this client (code ${code})`,
    loginCodes.has(code) ? [login, ...causes] : [...causes, login],
    program,
  );
}

function refused(what: string, causes: readonly string[], program: string): TaskError {
  const either = `${causes.slice(0, -1).join(', ')}, or ${causes.at(-1)}`;
  return new TaskError('agent-refused', `${what}; possible causes: ${either}; run \`${program} doctor\``);
}
