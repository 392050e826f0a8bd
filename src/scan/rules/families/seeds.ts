/** Seeds from which keys and one-time passwords are derived, and private keys as literals of programs. */
import type { Rule } from '../model/rule.ts';
import { literalJsonWebKey } from '../validators/jwk-literal.ts';
import { natsSeed, oneTimeSeed } from '../validators/seeds.ts';

const nats = {
  severity: 'high',
  remediation: 'Create a new key pair with `nk`, then replace this one in the NATS account or operator.',
  source: 'https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth',
  validate: natsSeed,
} as const;

/** What stands in a literal: anything but brackets, except for lists in it. */
const INNER = String.raw`(?:[^(){}[\]]|\[[^(){}[\]]{0,200}\])`;

const FREQUENT_OTP_WORDS = 'otp|2fa|mfa|two_?factor|authenticator';
const OTP_WORDS = `${FREQUENT_OTP_WORDS}|(?:one_time_|onetime)pass(?:word|code)`;
/** Up to the next of the words, at which a match may begin itself: a text is looked at once, however many it has. */
const beforeOtpWord = (of: string) => `(?:(?!(?i:${FREQUENT_OTP_WORDS}))${of})`;

export const seedRules: readonly Rule[] = [
  {
    ...nats,
    id: 'nats-seed',
    title: 'NATS seed (NKey)',
    // The third character begins with bits that are zero.
    keywords: ['SUA', 'SAA', 'SOA', 'SNA', 'SCA', 'SXA'],
    pattern: /(?<![A-Za-z0-9+/_-])S[AUONCX]A[A-Z2-7]{55}(?![A-Za-z0-9+/=_-])/,
    window: { before: 0, after: 56 },
    next: { of: 'A-Z2-7', least: 55 },
  },
  {
    ...nats,
    id: 'nats-named-seed',
    title: 'NATS seed (NKey)',
    confidence: 'medium',
    keywords: ['seed', 'nkey', 'nats'],
    caseless: true,
    pattern:
      /(?:[sS][eE][eE][dD]|[nN][kK][eE][yY]|[nN][aA][tT][sS])[^S\r\n]{1,40}(?<secret>S[AUONCX][A-Z2-7]{56})(?![A-Za-z0-9+/=_-])/,
    window: { before: 0, after: 100 },
    next: [
      { of: '^S\\r\\n', least: 1, most: 40 },
      { of: 'S', least: 1 },
    ],
  },
  {
    id: 'one-time-password-seed',
    title: 'One-time password seed',
    severity: 'high',
    confidence: 'medium',
    remediation: 'Set up the second factor again, which creates a new seed.',
    source: 'https://www.rfc-editor.org/rfc/rfc4226',
    keywords: [
      'otp',
      '2fa',
      'mfa',
      'twofactor',
      'two_factor',
      'authenticator',
      'one_time_pass',
      'onetimepass',
    ],
    caseless: true,
    // `otpauth://totp/…?secret=`, `ROTP::TOTP.new('…')`, `totp_secret: …`, `oathtool --totp -b …`.
    pattern: new RegExp(
      `(?i:${OTP_WORDS})(?:${beforeOtpWord('[^\\r\\n]')}{0,120}?(?:["'\`=: (>,]|%3[dD]|-b[\\t ])(?<secret>[A-Z2-7]{16,104}={0,6}|(?:[a-z2-7]{4}[ -]){3,12}[a-z2-7]{4}|(?:[A-Z2-7]{4}[ -]){3,12}[A-Z2-7]{4}|(?<=["'])[a-z2-7]{32}(?=["']))|${beforeOtpWord('[^]')}{0,200}?(?:[sS]ecret|[sS]eed|[kK]ey)["']?\\s{0,4}(?::|=>?)\\s{0,4}["'](?<secret>[A-Z2-7]{16,104}={0,6}))(?![A-Za-z0-9+/=_.-])`,
    ),
    window: { before: 0, after: 340 },
    validate: oneTimeSeed,
  },
  {
    id: 'json-web-key-literal',
    title: 'JSON Web Key (private) in code or YAML',
    severity: 'high',
    remediation: 'Remove the key from the program, create a new one, and publish only its public part.',
    source: 'https://www.rfc-editor.org/rfc/rfc7517',
    keywords: ['kty'],
    pattern: new RegExp(
      String.raw`[({[]${INNER}{0,4096}?["'${'`'}]?kty["'${'`'}\\]{0,8}\s{0,4}(?::|=>?)${INNER}{0,6000}[)}\]]|(?<![^\n])(?:[\t -]{0,24}["']?(?:alg|use|kid|key_ops|ext|crv|x|y|d|n|e|p|q|dp|dq|qi|k|x5t|x5c)["']?[\t ]{0,4}[:=][^\r\n]{0,1500}\r?\n){0,16}[\t -]{0,24}["']?kty["']?[\t ]{0,4}[:=][^\r\n{}]{0,200}(?:\r?\n[\t -]{0,24}["']?(?:alg|use|kid|key_ops|ext|crv|x|y|d|n|e|p|q|dp|dq|qi|k|x5t|x5c)["']?[\t ]{0,4}[:=][^\r\n]{0,1500}){1,16}`,
    ),
    window: { before: 6200, after: 6200 },
    next: [
      { of: '"\'`\\\\\\s', least: 0, most: 12 },
      { of: ':=', least: 1 },
    ],
    validate: literalJsonWebKey,
  },
];
