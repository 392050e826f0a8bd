/** Wallets: anyone who has one of these owns the money. All have a checksum, or are next to their name. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named } from '../authoring/builders.ts';
import { describe } from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';
import { extendedKey, importFormat, mnemonic, solanaKeypair } from '../validators/wallets.ts';

const bip39 = 'https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki';
const bip32 = 'https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki';
const wif = 'https://en.bitcoin.it/wiki/Wallet_import_format';
const ethereum = 'https://ethereum.org/developers/docs/accounts/';
const solana = 'https://solana.com/docs/intro/installation/solana-cli-basics';
const remediation = 'Move the funds to a new wallet now, then delete the file. This key cannot be revoked.';
const BASE58 = '1-9A-HJ-NP-Za-km-z';
const numbers = String.raw`\[\s{0,8}(?:[0-9]{1,3}\s{0,4},\s{0,12}){63}[0-9]{1,3}\s{0,8},?\s{0,8}\](?![A-Za-z0-9_])`;

/** What stands between a name and a key: signs alone, so that bytes can be checked before the expression. */
const SIGN = String.raw`["'${'`'}\\\])]{0,4}[\t ]{0,8}(?:=>|[:.+|?]{0,2}==?|:{1,3}|,|->|<-|\(|>)[\t ]{0,8}&?["'${'`'}\\]{0,4}`;

export const walletRules: readonly Rule[] = [
  {
    ...describe('Wallet', 'recovery phrase', 'critical', bip39),
    remediation,
    keywords: [
      'mnemonic',
      'seed_phrase',
      'seedphrase',
      'seed phrase',
      'recovery_phrase',
      'recovery phrase',
      'secret phrase',
      'secret recovery',
      'wallet_seed',
      'seed_words',
      'seed words',
    ],
    caseless: true,
    pattern:
      /(?i:mnemonic|seed_?phrase|seed phrase|recovery_phrase|recovery phrase|secret phrase|secret recovery|wallet_seed|seed_words|seed words)[^]{0,60}?(?<![A-Za-z])(?<secret>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11}(?:(?:[ ,]{1,2}[a-z]{3,8}){3}){0,4})(?![A-Za-z])/,
    window: { before: 0, after: 330 },
    validate: mnemonic,
  },
  {
    ...describe('Wallet', 'extended private key', 'critical', bip32),
    remediation,
    keywords: ['xprv', 'yprv', 'zprv', 'tprv', 'uprv', 'vprv', 'Yprv', 'Zprv'],
    pattern: new RegExp(`${BEFORE}[xyztuvYZ]prv[${BASE58}]{107}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 107 },
    next: { of: BASE58, least: 107 },
    validate: extendedKey,
  },
  {
    ...describe('Wallet', 'import format key', 'critical', wif),
    title: 'Bitcoin private key (wallet import format)',
    remediation,
    keywords: ['priv', 'wif', 'bitcoin', 'btc_'],
    caseless: true,
    pattern: new RegExp(
      `(?i:priv|wif|bitcoin|btc_)(?<name>[A-Za-z0-9_. -]{0,40})${SIGN}(?<secret>[5KL9c][${BASE58}]{50,51})(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 190 },
    next: [
      { of: 'A-Za-z0-9_. -', least: 0, most: 40 },
      { of: '"\'`\\\\\\])>=:,|?<(+.&\\t -', least: 1, most: 28 },
      { of: BASE58, least: 51 },
    ],
    validate: importFormat,
  },
  named({
    ...describe('Ethereum', 'private key', 'critical', ethereum),
    remediation,
    names: [
      'private_key',
      'privatekey',
      'private-key',
      'private key',
      'priv_key',
      'privkey',
      'deployer_key',
      'signer_key',
      'owner_key',
      'wallet_key',
      'ethereum_key',
      'eth_key',
      'deployer',
      'accounts: [process',
    ],
    of: 'xA-Fa-f0-9',
    length: [64, 66],
    validate: (secret) =>
      /^(?:0x)?[A-Fa-f0-9]{64}$/.test(secret) ? opaque(secret, secret) : { ok: false, evidence: [] },
  }),
  {
    ...describe('Solana', 'keypair', 'critical', solana),
    remediation,
    keywords: ['secret', 'keypair', 'private', 'solana', 'fromsecretkey'],
    caseless: true,
    pattern: new RegExp(
      `(?i:secret|keypair|private|solana|fromsecretkey)[^\\[\\]]{0,60}(?<secret>${numbers})`,
    ),
    window: { before: 0, after: 1400 },
    next: [
      { of: '^\\[\\]', least: 0, most: 60 },
      { of: '\\[', least: 1 },
      { of: '0-9\\s', least: 1 },
    ],
    validate: solanaKeypair,
  },
  {
    ...describe('Solana', 'keypair file', 'critical', solana),
    remediation,
    keywords: [],
    files: { extensions: ['json'], path: /(?:keypair|wallet|solana|\/id\.json$|key\.json$)/ },
    pattern: new RegExp(`(?<![^\\s])${numbers}`),
    window: { before: 0, after: 1400 },
    validate: solanaKeypair,
  },
  named({
    ...describe('Solana', 'private key', 'critical', solana),
    remediation,
    names: ['solana', 'phantom', 'private_key', 'privatekey', 'secret_key', 'secretkey', 'keypair'],
    of: BASE58,
    length: [86, 88],
  }),
];
