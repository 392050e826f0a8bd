/**
 * Values that look random and are no secrets, by their own form: names of curves and keys, coordinates of packages,
 * bytes that count, text in other scripts.
 */

const bytesInHex = /^(?:0x)?(?:[0-9a-f]{2}[ :,-]?(?:0x)?){7,255}[0-9a-f]{2}$/i;

/**
 * True for bytes that differ by the same amount, most of them: `000102…`, `ffeedd…`, `0123456789abcdef`, in hexadecimal or
 * base64.
 */
export function isCounting(text: string): boolean {
  if (bytesInHex.test(text)) return counts(Buffer.from(text.replaceAll(/0x|[^0-9a-f]/gi, ''), 'hex'));
  return /^[A-Za-z0-9+/_-]{11,512}={0,2}$/.test(text) && counts(Buffer.from(text.slice(0, 64), 'base64'));
}

function counts(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const stepAt = (at: number) => ((bytes[at] ?? 0) - (bytes[at - 1] ?? 0)) & 0xff;
  // A step that occurs more often than all others together is the one that remains when different ones cancel out.
  let step = 0;
  let votes = 0;
  for (let at = 1; at < bytes.length; at += 1) {
    if (votes === 0) step = stepAt(at);
    votes += stepAt(at) === step ? 1 : -1;
  }
  let count = 0;
  for (let at = 1; at < bytes.length; at += 1) if (stepAt(at) === step) count += 1;
  return count >= 0.8 * (bytes.length - 1);
}

const algorithm =
  'secp|sect|prime|brainpool|wap-wsg|c2[pt]nb|nist|ed|x|curve|bp|frp|sm|gost|rsa|dsa|ecdsa|ecdh|ecc|dh|ffdhe|modp|aes|des|hmac|sha|md|blake|kmac|camellia|aria|chacha|poly|ml-?kem|ml-?dsa|slh-?dsa|kyber|dilithium|falcon';
const namesAlgorithm = new RegExp(
  `(?:^|[-_.: ])(?:(?:${algorithm})[-_]?\\d{2,5}[a-z]{0,3}\\d{0,2}|[PKB]-\\d{3})(?:$|[-_.: ])`,
  'i',
);
/** What a name of a key ends with. */
const namesKey = /[-_.](?:PUB(?:LIC)?|PRIV(?:ATE)?|PUBKEY|PRIVKEY)(?:[-_.]?(?:KEY|HEX|DER|PEM|ID))?$/i;

/** True for names of curves, algorithms and keys: `ALICE_cf_secp128r1`, `KAS-ECC-CDH_B-409`, `BOB_PUB`. */
export function isNameOfKey(value: string): boolean {
  return value.length <= 80 && /[-_.]/.test(value) && (namesAlgorithm.test(value) || namesKey.test(value));
}

/** `group:artifact:version` of Maven, or the rest of it after a colon; also `name:tag` and `name@version`. */
const coordinates =
  /^(?:[A-Za-z][\w-]*(?:\.[\w-]+)+:)?[A-Za-z][\w.-]*(?::(?:jar|aar|war|pom|bom|zip))?[:@]v?\d{1,8}(?:\.\w{1,12}){1,4}(?:[-.+@][\w.+-]{1,40})?(?::[a-z-]{1,16})?$/;

/** True for the coordinates of a package. */
export function isPackage(value: string): boolean {
  return coordinates.test(value);
}

/** `###NAME###`, `@@NAME@@`, `<<NAME>>`. */
const marked =
  /^(?:([#@%_~$!^&*=+|-]{2,3})[A-Za-z][\w. -]{1,60}\1|<{2,3}[A-Za-z][\w. -]{1,60}>{2,3}|\[{2,3}[A-Za-z][\w. -]{1,60}\]{2,3}|\xa7[A-Za-z]\w{1,60}\xa7)$/;
/** A value in an export of Windows' registry. */
const registryValue = /^(?:hex(?:\([0-9a-f]{1,2}\))?|[dq]word(?:\([0-9a-f]{1,2}\))?):[0-9a-f,]*\\?$/i;

/** True for a mark that a program replaces, and for what the registry exports as bytes. */
export function isMarked(value: string): boolean {
  return marked.test(value) || registryValue.test(value);
}

/**
 * True for words in a script other than Latin, or with many accents: a label, a translation. @param value one character per byte of UTF-8
 */
export function isForeignText(value: string): boolean {
  if (!/[\x80-\xff]{2}/.test(value)) return false;
  const text = Buffer.from(value, 'latin1').toString('utf8');
  const beyond = text.match(/(?![A-Za-z])[\p{L}\p{M}]/gu) ?? [];
  const foreign = beyond.filter((letter) => !/\p{Script=Latin}/u.test(letter));
  const length = text.match(/\P{M}/gu)?.length ?? 0;
  return (
    (foreign.length >= 3 && foreign.length >= length / 2) ||
    (beyond.length >= length / 4 && !/[0-9]/.test(text))
  );
}

/** Without accents: `Contraseña` is a word. @param value one character per byte of UTF-8 */
export function withoutAccents(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  return Buffer.from(value, 'latin1').toString('utf8').normalize('NFD').replaceAll(/\p{M}/gu, '');
}

/** Lengths of MD5, SHA-1 and SHA-2 in hexadecimal. */
const hash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;
const listOfHashes =
  /\/(?:[^/]{0,80}\.lock|[^/]{0,40}\.resolved|[^/]{0,40}(?:checksums?|hashes|digests?|sha\d{0,3}sums?|md5sums?|manifest)[^/]{0,40}|[^/]{0,80}\.(?:md5|sha\d{0,3}|sum|sums|sig|lock\.json|lockb))$/;
/** A line of such a list, and its heading. */
const listed =
  /^[^\w]{0,8}([\w./+@~-][\w./+@~() -]{0,99}?)["'`]?[\t ]{0,4}(?::|=|=>)[\t ]{0,8}["'`]?([0-9a-f]{32,128})["'`]?,?[\t ]{0,4}\r?$/i;
const heading =
  /(?:checksum|hash|digest|sha-?\d|md5|integrity|fingerprint|revision|commit)[^:=]{0,40}[:=\]{}]{1,4}[\t ]{0,4}\r?$/i;
/** The first half of a pair, whose second is a secret. */
const pair = /(?:id|user|account|client|app|tenant|project|org|login|access|consumer)$/i;
/** Validators see no more of the text before a match. */
const MAX_CHARS_BEFORE = 180;

/**
 * True for a hash in a list of names and hashes: in a file for such, below a heading that says so, or below another
 * name with a hash.
 * @param path as rules see it
 * @param before the text before the name
 * @param isCredential whether a name indicates a credential: those alone are no list of hashes
 */
export function isListedHash(
  value: string,
  path: string,
  before: string,
  isCredential: (name: string) => boolean,
): boolean {
  if (!hash.test(value)) return false;
  if (listOfHashes.test(path)) return true;
  const lines = before.split('\n').slice(0, -1);
  // The first line may be cut off.
  if (before.length > MAX_CHARS_BEFORE) lines.shift();
  for (const line of lines.toReversed()) {
    const [, name, other] = listed.exec(line) ?? [];
    if (name === undefined || other?.length !== value.length) return heading.test(line);
    if (!isCredential(name) && !pair.test(name)) return true;
  }
  return false;
}

/** True for a JSON Web Token that says that it is not signed. */
export function isUnsigned(value: string): boolean {
  if (!value.startsWith('eyJ')) return false;
  const [header = ''] = value.split('.', 1);
  return /"alg"\s{0,4}:\s{0,4}"none"/i.test(Buffer.from(header, 'base64url').toString('latin1'));
}
