/**
 * What a name says about its value. The last word decides: a `token_type` is not a token, a `db_password_2` is
 * a password.
 */

export type CredentialKind = 'password' | 'secret' | 'key';

/** These words, as alternatives of an expression. */
const any = (words: string) => `(?:${words.trim().split(/\s+/).join('|')})`;

/** Words after the keyword that do not change its meaning. */
const suffix = `(?:_?${any(`\\d{1,3} value val text plain plaintext string str raw prod production dev development staging
  stage test testing local live sandbox default old new current primary secondary main backup admin root user db base b64
  base64 v\\d a b`)})*`;

const passwordName = new RegExp(
  `(?:${any('password passwd passphrase passcode passwort passord motdepasse mot_de_passe kennwort wachtwoord senha contrasena contrase_a pwd pswd (?:^|[_.])pw bindpw rootpw dbpw userpw adminpw requirepass masterauth')}|(?:^|[_.])${any(`db user smtp ftp admin root mysql my login
  auth mail email redis`)}?pass)s?${suffix}$`,
);
const secretName = new RegExp(
  `(?:${any('secret secret_?id token credential cred (?:^|[_.])auth')}|${any(`api access auth secret private client consumer app
  account service shared session cookie signing sign signature encryption encrypt encryptor decryption crypto cipher hmac aes
  des jwt master admin license licence subscription webhook ingest ingestion write storage deploy integration developer
  partner bot server user function security instrumentation salt`)}_?key)s?${suffix}$`,
);
const keyName = new RegExp(`key${suffix}$`);

/** Names that end in a keyword but mean something else, depending on what precedes it. */
const harmless: readonly RegExp[] = [
  new RegExp(
    `(?:^|_)${any(`publishable pubkey site recv verify verification primary foreign unique cache cached index sort
  partition range map object dict hot shortcut row column group react lookup registry sub parent translation translate message
  i18n label field data route query search idempotency dedup dedupe host known authorized trusted gpg pgp fingerprint artifact document
  event metric feature flag setting config option property attribute entity type order item node list tree graph prop state
  action store storage_item local_storage bucket sequence tag arrow enter escape tab shift ctrl alt meta modifier press any
  first last next prev left right up down`)}_key$`,
  ),
  new RegExp(
    `(?:^|_)${any(`csrf xsrf csrfmiddleware antiforgery verification next prev previous page paging pagination
  continuation resume sync start end last first cancel cancellation pad eos bos unk mask sep cls special design syntax stop
  punctuation lex lexer parser max min num prompt completion input output total cached`)}_tokens?$`,
  ),
  new RegExp(
    `^${any(`is has show hide toggle forgot forgotten reset change no not invalid missing wrong bad confirm repeat
  retype require requires enter use ask prompt`)}_`,
  ),
  new RegExp(`(?:^|_)${any('hash hashed encrypted enc digest checksum sha sha1 sha256 sha512 md5')}_[a-z]+$`),
  /(?:^|_)(?:pub(?:lic)?|site)_?key|[cx]srf|authenticity_?token/,
  /(?:monkey|donkey|turkey|hockey|jockey|whiskey|mickey|lackey|smokey)s?$/,
];

/** Ends of names whose values look like secrets but are not: sums, places, identifiers. */
const identifier =
  /(?:sha\d{0,3}|md5|hash|checksum|digest|commit|revision|ref|etag|fingerprint|release|version|public|(?:cache|site|publishable|foreign|partition|sort)[_. -]?key|public[_. -]?key|integrity|uuid|guid|[_. -]id|Id|url|uri|host|name|path|region|email)$/i;

/** Does a name, or the rest of one, indicate that the value is not a credential? */
export function isHarmless(name: string): boolean {
  return identifier.test(name.trimEnd());
}

/** Cache of judged names. Files of one kind repeat theirs, and judging one takes a dozen expressions. */
const judged = new Map<string, CredentialKind | undefined>();
const MOST_JUDGED = 4096;

/** The kind of credential that a name indicates; undefined for none. */
export function credentialOf(name: string): CredentialKind | undefined {
  if (judged.has(name)) return judged.get(name);
  if (judged.size === MOST_JUDGED) judged.clear();
  const kind = kindOf(name);
  judged.set(name, kind);
  return kind;
}

function kindOf(name: string): CredentialKind | undefined {
  const words = wordsOf(name);
  if (speaksAgainst(words)) return undefined;
  if (passwordName.test(words)) return 'password';
  if (secretName.test(words)) return 'secret';
  return keyName.test(words) ? 'key' : undefined;
}

/** In lower case, separated by underscores, dots unchanged. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '_');
}

function speaksAgainst(words: string): boolean {
  // In `config.api.key`, the first parts are its location.
  const last = words.slice(words.lastIndexOf('.') + 1);
  const joined = words.replaceAll('.', '_');
  return harmless.some((expression) => expression.test(last) || expression.test(joined));
}
