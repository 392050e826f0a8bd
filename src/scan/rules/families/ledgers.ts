/**
 * Keys of ledgers and of what is built on them, in their own text forms. Anyone who has one owns the money, or speaks in
 * the owner's name; most have a checksum.
 */
import { prefixed } from '../authoring/builders.ts';
import { describe } from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import type { Severity } from '../../model/finding.ts';
import { bech32Key, checkedKey, hexKey } from '../validators/ledgers.ts';
import { opaque } from '../validators/opaque.ts';

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BASE58 = '1-9A-HJ-NP-Za-km-z';
const HEX = 'a-fA-F0-9';
const remediation =
  'Move the funds or the identity to a new key now, then delete this one. It cannot be revoked.';

type Row = readonly [
  name: string,
  kind: string,
  severity: Severity,
  prefix: string | readonly string[],
  of: string,
  length: number | readonly [number, number],
  validate: Rule['validate'],
  source: string,
  more?: { readonly id: string },
];

// prettier-ignore
const rows: readonly Row[] = [
  ['Nostr', 'private key', 'critical', 'nsec1', BECH32, 58, bech32Key, 'https://github.com/nostr-protocol/nips/blob/master/19.md'],
  ['Nostr', 'encrypted private key', 'medium', 'ncryptsec1', BECH32, [140, 180], bech32Key, 'https://github.com/nostr-protocol/nips/blob/master/49.md'],
  ['Cardano', 'signing key', 'critical', ['addr_sk1', 'stake_sk1', 'addr_xsk1', 'stake_xsk1', 'acct_sk1', 'acct_xsk1', 'root_sk1', 'root_xsk1', 'policy_sk1', 'pool_sk1', 'ed25519_sk1', 'ed25519e_sk1', 'drep_sk1', 'cc_hot_sk1', 'cc_cold_sk1'], BECH32, [58, 210], bech32Key, 'https://cips.cardano.org/cip/CIP-5'],
  ['Sui', 'private key', 'critical', 'suiprivkey1', BECH32, 59, bech32Key, 'https://docs.sui.io/concepts/cryptography/transaction-auth/keys-addresses'],
  ['Zcash', 'extended spending key', 'critical', ['secret-extended-key-main1', 'secret-extended-key-test1'], BECH32, [270, 300], bech32Key, 'https://zips.z.cash/zip-0032'],
  ['Tezos', 'private key', 'critical', ['edsk', 'spsk', 'p2sk'], BASE58, [50, 94], checkedKey, 'https://octez.tezos.com/docs/user/key-management.html'],
  ['Tezos', 'encrypted private key', 'medium', ['edesk1', 'spesk1', 'p2esk1'], BASE58, [80, 90], checkedKey, 'https://octez.tezos.com/docs/user/key-management.html'],
  ['Bitcoin', 'encrypted private key', 'medium', ['6PR', '6PY', '6Pf', '6Pn'], BASE58, 55, checkedKey, 'https://github.com/bitcoin/bips/blob/master/bip-0038.mediawiki'],
  ['Antelope', 'private key', 'critical', ['PVT_K1_', 'PVT_R1_'], BASE58, [48, 52], (secret) => opaque(secret, secret.slice(7)), 'https://docs.eosnetwork.com/docs/latest/advanced-topics/transactions-protocol/'],
  ['Aptos', 'private key', 'critical', ['ed25519-priv-0x', 'secp256k1-priv-0x'], HEX, 64, hexKey, 'https://github.com/aptos-foundation/AIPs/blob/main/aips/aip-80.md'],
  ['NEAR', 'private key', 'critical', 'ed25519:', BASE58, [85, 90], (secret) => opaque(secret, secret.slice(8)), 'https://docs.near.org/protocol/accounts-contracts/access-keys'],
  ['Filecoin', 'exported key', 'critical', '7b2254797065223a22', 'a-f0-9', [100, 240], hexKey, 'https://lotus.filecoin.io/lotus/manage/manage-fil/'],
  ['Hedera', 'private key', 'critical', ['302e020100300506032b657004220420', '3030020100300706052b8104000a04220420'], HEX, 64, hexKey, 'https://docs.hedera.com/hedera/core-concepts/keys-and-signatures'],
  ['LND', 'macaroon (Lightning Network)', 'critical', ['0201036c6e64', '0201036C6E64'], HEX, [120, 1000], hexKey, 'https://github.com/lightningnetwork/lnd/blob/master/docs/macaroons.md', { id: 'lightning-macaroon-of-lnd' }],
];

export const ledgerRules: readonly Rule[] = [
  ...rows.map(([name, kind, severity, prefix, of, length, validate, source, more]) =>
    prefixed({
      ...describe(name, kind, severity, source),
      ...more,
      remediation,
      prefix,
      of,
      length,
      validate,
    }),
  ),
  {
    ...describe(
      'Nostr',
      'wallet connection',
      'critical',
      'https://github.com/nostr-protocol/nips/blob/master/47.md',
      'in the wallet',
    ),
    keywords: ['nostr+walletconnect://', 'nostrwalletconnect://'],
    pattern:
      /nostr\+?walletconnect:\/\/[a-f0-9]{64}\?(?:[a-z0-9]{2,12}=[^\s"'&]{1,200}&(?:amp;)?){0,6}secret=(?<secret>[a-f0-9]{64})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 1400 },
    next: { of: 'a-f0-9', least: 64 },
    validate: (secret) => opaque(secret, secret),
  },
  prefixed({
    ...describe('Cashu', 'token', 'high', 'https://github.com/cashubtc/nuts/blob/main/00.md'),
    remediation: 'Redeem the token in your own wallet now. The money belongs to the first who redeems it.',
    // Base64url of `{"t` (version A), or of a CBOR map of three or four (version B).
    prefix: ['cashuAeyJ', 'cashuBo2F', 'cashuBpGF'],
    of: 'A-Za-z0-9_-',
    length: [60, 3000],
  }),
];
