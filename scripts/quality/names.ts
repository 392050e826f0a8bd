/**
 * Names as people write them: the same words in the styles of languages and files, with and without a project
 * prefix.
 */
import type { Random } from '../shared/random.ts';
import { PROJECTS } from './texts.ts';

/** The words of a name, in lower case. */
export type Name = readonly string[];

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const STYLES: Readonly<Record<string, (name: Name) => string>> = {
  snake: (name) => name.join('_'),
  screaming: (name) => name.join('_').toUpperCase(),
  kebab: (name) => name.join('-'),
  dotted: (name) => name.join('.'),
  pascal: (name) => name.map(capitalized).join(''),
  camel: (name) => name.map((word, index) => (index === 0 ? word : capitalized(word))).join(''),
  header: (name) => ['X', ...name.map(capitalized)].join('-'),
  title: (name) => name.map(capitalized).join(' '),
  prose: (name) => name.join(' '),
};

/** A name in one of these styles, which are separated by commas. @throws RangeError for an unknown style */
export function styled(name: Name, styles: string, random: Random): string {
  const style = random.pick(styles.split(','));
  const write = STYLES[style];
  if (write === undefined) throw new RangeError(`no style ${style}`);
  return write(name);
}

/** With the name of a project before it, one time in this many. */
export function ofProject(name: Name, oneIn: number, random: Random): Name {
  return random.below(oneIn) === 0 ? [random.pick(PROJECTS), ...name] : name;
}

/** The words of `spacesSecret.key`. */
export function wordsOf(text: string): Name {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const names = (...list: string[]): readonly Name[] => list.map((name) => name.split(' '));

export const PASSWORD_NAMES = names(
  'password',
  'db password',
  'database password',
  'postgres password',
  'mysql root password',
  'redis password',
  'smtp password',
  'mail password',
  'ldap bind password',
  'ftp password',
  'admin password',
  'root password',
  'default password',
  'user password',
  'service account password',
  'keystore password',
  'trust store password',
  'ssl key password',
  'key store pass',
  'key passphrase',
  'passphrase',
  'passwd',
  'db passwd',
  'pwd',
  'db pwd',
  'sql pwd',
  'pass',
  'db pass',
  'smtp pass',
  'mqtt password',
  'wifi password',
  'proxy password',
  'backup password',
  'master password',
  'login password',
  'sa password',
  'spring datasource password',
);

export const SECRET_NAMES = names(
  'secret',
  'client secret',
  'oauth client secret',
  'app secret',
  'consumer secret',
  'jwt secret',
  'session secret',
  'cookie secret',
  'webhook secret',
  'shared secret',
  'signing secret',
  'secret key',
  'secret key base',
  'django secret key',
  'token',
  'auth token',
  'access token',
  'oauth access token',
  'refresh token',
  'bearer token',
  'api token',
  'bot token',
  'deploy token',
  'personal access token',
  'registration token',
  'service token',
  'id token secret',
  'credentials',
);

export const KEY_NAMES = names(
  'api key',
  'apikey',
  'service api key',
  'maps api key',
  'app key',
  'access key',
  'secret access key',
  'account key',
  'storage account key',
  'shared access key',
  'encryption key',
  'aes key',
  'signing key',
  'hmac key',
  'jwt key',
  'master key',
  'private key',
  'license key',
  'subscription key',
  'server key',
  'function key',
  'write key',
  'ingest key',
  'auth key',
);
