/** The user name and password with which the broker is asked to accept the client. */
import { TaskError } from '../exit/task-error.ts';
import type { ReadInput } from '../platform/index.ts';

/** What a client sends besides its id. */
export interface BrokerLogin {
  readonly user: string;
  readonly password: Buffer | undefined;
}

/** Bytes of the file. */
const MAX_BYTES = 4096;

/**
 * The user and password of `--mqtt-user` and `--mqtt-password-file`; undefined without a user.
 * @throws TaskError `config` when the file cannot be used; the message never contains a part of it
 */
export async function readLogin(
  {
    mqttUser,
    mqttPasswordFile,
  }: { readonly mqttUser?: string | undefined; readonly mqttPasswordFile?: string | undefined },
  readInput: ReadInput,
): Promise<BrokerLogin | undefined> {
  if (mqttUser === undefined) return undefined;
  if (mqttPasswordFile === undefined) return { user: mqttUser, password: undefined };
  const what = 'the MQTT password file';
  const content = await readInput(mqttPasswordFile, { what, maxBytes: MAX_BYTES, isPrivate: true });
  // As bytes, because a password may have any (MQTT 3.1.1, section 3.1.3.5).
  const line = /^([^\r\n]+)\r?\n?$/.exec(content.toString('latin1'))?.[1];
  if (line === undefined) {
    throw new TaskError('config', `${what} ${mqttPasswordFile} must contain only the password, on one line`);
  }
  return { user: mqttUser, password: Buffer.from(line, 'latin1') };
}
