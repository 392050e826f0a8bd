/** What a name says of its value. The last word decides: a `token_type` is no token, a `db_password_2` is a password. */

export type CredentialKind = 'password' | 'secret' | 'key';

/** These words, as alternatives of an expression. */
const any = (words: string) => `(?:${words.trim().split(/\s+/).join('|')})`;

/** Words after the telling one that leave it what it is. */
const suffix = `(?:_?${any(`\\d{1,3} value val text plain plaintext string str raw prod production dev development staging
  stage test testing local live sandbox default old new current primary secondary main backup admin root user db base b64
  base64 v\\d a b`)})*`;

const passwordName = new RegExp(
  `(?:${any('password passwd passphrase passcode passwort pwd pswd')}|(?:^|_)${any(`db user smtp ftp admin root mysql my login
  auth mail email redis`)}?pass)s?${suffix}$`,
);
const secretName = new RegExp(
  `(?:${any('secret secret_?id token credential cred (?:^|_)auth')}|${any(`api access auth secret private client consumer app
  account service shared session cookie signing sign signature encryption encrypt encryptor decryption crypto cipher hmac aes
  des jwt master admin license licence subscription webhook ingest ingestion write storage deploy integration developer
  partner bot server user function security instrumentation salt`)}_?key)s?${suffix}$`,
);
const keyName = new RegExp(`key${suffix}$`);

/** Names that end in a telling word and tell something else, by what stands before it. */
const harmless: readonly RegExp[] = [
  new RegExp(
    `(?:^|_)${any(`publishable pubkey site recv verify verification primary foreign unique cache cached index sort
  partition range map object dict hot shortcut row column group react lookup registry sub parent translation translate message
  i18n label field data route query search idempotency dedup dedupe host known authorized trusted gpg pgp artifact document
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
  /(?:^|_)pub(?:lic)?_?key/,
  /(?:monkey|donkey|turkey|hockey|jockey|whiskey|mickey|lackey|smokey)s?$/,
];

/** The kind of credential that a name announces; undefined for none. */
export function credentialOf(name: string): CredentialKind | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  if (harmless.some((expression) => expression.test(words))) return undefined;
  if (passwordName.test(words)) return 'password';
  if (secretName.test(words)) return 'secret';
  return keyName.test(words) ? 'key' : undefined;
}
