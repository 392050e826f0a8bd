/** Parts of token formats, for `fixtures/`, which makes valid tokens. */
export { bip39Words } from './bip39-words.ts';
export { base36Checksum, base62Checksum } from './checksum.ts';
export { bech32Remainder } from './keys.ts';
export { cratesChecksum } from './platform-tokens.ts';
