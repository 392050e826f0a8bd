/**
 * Tokens to plant, one valid sample per rule, made when they are asked for: this file holds the parts of formats, never a
 * token, so that no scanner trips over it. None of them was ever issued by anybody.
 */
import { generateKeyPairSync } from 'node:crypto';
import { base36Checksum, base62Checksum } from '../src/scan/rules/validators/checksum.ts';
import { ALPHANUMERIC, BASE32, BASE64, BASE64URL, CAPITALS, DIGITS, Dice, HEX } from './dice.ts';
import { armoured, derLike, jwt } from './rules/makers.ts';
import { firstExamples } from './rules/fixtures.ts';

export { Dice } from './dice.ts';
export { armoured } from './rules/makers.ts';

const CAPITALS_AND_DIGITS = CAPITALS + DIGITS;

function checksummed(prefix: string) {
  return (dice: Dice) => {
    const body = dice.draw(ALPHANUMERIC, 30);
    return `${prefix}${body}${base62Checksum(body)}`;
  };
}

function prefixed(prefix: string, alphabet: string, length: number) {
  return (dice: Dice) => prefix + dice.mixed(alphabet, length);
}

/** A configuration with the keys in the order in which Keeper's documentation prints them. */
function keeperConfiguration(dice: Dice): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ format: 'der', type: 'pkcs8' });
  return JSON.stringify({
    hostname: 'keepersecurity.com',
    clientId: dice.bytes(64).toString('base64'),
    privateKey: key.toString('base64'),
    serverPublicKeyId: '10',
    appKey: dice.bytes(32).toString('base64'),
    appOwnerPublicKey: dice.bytes(65).toString('base64'),
  });
}

const GITLAB_PREFIXES = {
  'gitlab-access-token': 'glpat-',
  'gitlab-oauth-application-secret': 'gloas-',
  'gitlab-deploy-token': 'gldt-',
  'gitlab-runner-token': 'glrt-',
  'gitlab-registered-runner-token': 'glrtr-',
  'gitlab-job-token': 'glcbt-',
  'gitlab-trigger-token': 'glptt-',
  'gitlab-feed-token': 'glft-',
  'gitlab-incoming-mail-token': 'glimt-',
  'gitlab-agent-token': 'glagent-',
  'gitlab-workspace-token': 'glwt-',
  'gitlab-scim-token': 'glsoat-',
  'gitlab-feature-flags-token': 'glffct-',
} as const;

/** A routable GitLab token, with its length and checksum. */
export function routable(prefix: string, seed = '1'): string {
  const payload = Buffer.concat([new Dice(seed).bytes(16), Buffer.from('o:1\nu:a\u0007')]).toString(
    'base64url',
  );
  const text = `${prefix}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`;
  return text + base36Checksum(text);
}

const makers: Readonly<Record<string, (dice: Dice) => string>> = {
  'aws-access-key-id': (dice) => `AKIAQ${dice.draw(BASE32, 15)}`,
  'aws-secret-access-key': (dice) => dice.mixed(BASE64, 40),
  'aws-secret-access-key-near-id': (dice) => dice.mixed(BASE64, 40),
  'github-classic-token': checksummed('ghp_'),
  'github-oauth-token': checksummed('gho_'),
  'github-app-user-token': checksummed('ghu_'),
  'github-app-installation-token': checksummed('ghs_'),
  'github-app-refresh-token': checksummed('ghr_'),
  'github-app-installation-jwt': (dice) => `ghs_${dice.draw('123456789', 7)}_${jwt(dice)}`,
  'github-fine-grained-token': (dice) =>
    ['github', 'pat', dice.draw(ALPHANUMERIC, 22), dice.draw(ALPHANUMERIC, 59)].join('_'),
  ...Object.fromEntries(
    Object.entries(GITLAB_PREFIXES).map(([id, prefix]) => [id, prefixed(prefix, BASE64URL, 20)]),
  ),
  'slack-bot-token': (dice) => slack('b', dice),
  'slack-user-token': (dice) => slack('p', dice),
  'slack-legacy-token': (dice) => slack('o', dice),
  'slack-configuration-token': (dice) => `xoxe.xoxp-1-${dice.draw(ALPHANUMERIC, 160)}`,
  'slack-app-level-token': (dice) =>
    ['xapp', '1', `A${dice.draw(CAPITALS_AND_DIGITS, 10)}`, dice.draw(DIGITS, 13), dice.draw(HEX, 64)].join(
      '-',
    ),
  'slack-webhook': (dice) =>
    [
      'https://hooks.slack.com',
      'services',
      `T${dice.draw(CAPITALS_AND_DIGITS, 10)}`,
      `B${dice.draw(CAPITALS_AND_DIGITS, 10)}`,
      dice.draw(ALPHANUMERIC, 24),
    ].join('/'),
  'stripe-live-key': prefixed(['sk', 'live', ''].join('_'), ALPHANUMERIC, 99),
  'stripe-test-key': prefixed(['sk', 'test', ''].join('_'), ALPHANUMERIC, 99),
  'stripe-webhook-secret': prefixed('whsec_', ALPHANUMERIC, 32),
  'google-api-key': prefixed('AIza', BASE64URL, 35),
  'google-oauth-client-secret': prefixed('GOCSPX-', BASE64URL, 28),
  'npm-access-token': checksummed('npm_'),
  'npm-legacy-token': (dice) => [8, 4, 4, 4, 12].map((length) => dice.draw(HEX, length)).join('-'),
  'private-key': (dice) => armoured('RSA PRIVATE KEY', derLike(dice, 1190)),
  'json-web-token': jwt,
  'keeper-configuration': keeperConfiguration,
  'keeper-encoded-configuration': (dice) => Buffer.from(keeperConfiguration(dice)).toString('base64'),
  'keeper-one-time-token': (dice) => {
    // The letters of 32 bytes, until they are as mixed as they nearly always are.
    let body = '';
    do body = dice.bytes(32).toString('base64url');
    while (!/[a-z]/.test(body) || !/[A-Z]/.test(body) || !/[0-9]/.test(body));
    return `US:${body}`;
  },
};

function slack(letter: string, dice: Dice): string {
  return [
    `xox${letter}`,
    dice.draw('123456789', 12),
    dice.draw('123456789', 13),
    dice.draw(ALPHANUMERIC, 24),
  ].join('-');
}

/** What must stand around a token that is only one by its surroundings. */
const surroundings: Readonly<Record<string, (token: string) => string>> = {
  'aws-secret-access-key': (token) => `aws_secret_access_key = ${token}`,
  'aws-secret-access-key-near-id': (token) => `${plantable('aws-access-key-id')}, ${token}`,
  'npm-legacy-token': (token) => `//registry.npmjs.org/:_authToken=${token}`,
};

const examples = firstExamples();

/** The rule ids that `plantable` has a token for: all of those that need no file of a certain name. */
export const plantableKinds: readonly string[] = [
  ...Object.keys(makers),
  ...[...examples].flatMap(([kind, { file }]) => (file === undefined ? [kind] : [])),
];

/**
 * One valid token of a kind, which is the id of a rule. The same seed gives the same token, except for kinds that hold a
 * real key. Plant `planted(kind)` rather than this, where a kind needs its surroundings.
 */
export function plantable(kind: string, seed = '1'): string {
  const dice = new Dice(`${kind}/${seed}`);
  const token = makers[kind]?.(dice) ?? examples.get(kind)?.make(dice).secret;
  if (token === undefined) throw new RangeError(`no token of the kind ${kind}`);
  return token;
}

/** A text of a file that holds such a token, and nothing else that a rule would find. */
export function planted(kind: string, token = plantable(kind)): string {
  return surroundings[kind]?.(token) ?? examples.get(kind)?.around(token) ?? token;
}
