/** Text forms of ledgers' keys: bech32, Base58Check, and hexadecimal with a fixed beginning. */
import { type Verdict, doubtful, proven, rejected } from '../model/verdict.ts';
import { hasBech32Checksum } from './keys.ts';
import { isDegenerate, opaque } from './opaque.ts';
import { base58Check } from './wallets.ts';

/** A bech32 text (BIP 173): the name before its last `1`, then data and checksum. */
export function bech32Key(secret: string): Verdict {
  if (isDegenerate(secret.slice(secret.lastIndexOf('1') + 1))) return rejected;
  return hasBech32Checksum(secret) ? proven('checksum valid') : doubtful('checksum does not match');
}

/** Base58Check: its prefixes are short, so that a text without the checksum is another one. */
export function checkedKey(secret: string): Verdict {
  return base58Check(secret) === undefined ? rejected : proven('checksum valid');
}

/** Hexadecimal digits after a beginning that says what they are. */
export function hexKey(secret: string): Verdict {
  return opaque(secret, secret.slice(-64));
}
