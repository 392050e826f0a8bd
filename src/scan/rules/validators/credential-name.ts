/** What a name says of its value. The last word decides: a `token_type` is no token, a `db_password_2` is a password. */

export type CredentialKind = 'password' | 'secret' | 'key';

/** Words after the telling one that leave it what it is. */
const suffix =
  '(?:_?(?:\\d{1,3}|value|val|text|plain|plaintext|string|str|raw|prod|production|dev|development|staging|stage|test|testing|local|live|sandbox|default|old|new|current|primary|secondary|main|backup|admin|root|user|db|base|b64|base64|v\\d|a|b))*';

const password = new RegExp(
  `(?:password|passwd|passphrase|passcode|passwort|pwd|pswd|(?:^|_)(?:db|user|smtp|ftp|admin|root|mysql|my|login|auth|mail|email|redis)?pass)s?${suffix}$`,
);
const secret = new RegExp(
  `(?:secret|secret_?id|token|credentials?|creds|(?:^|_)auth|(?:api|access|auth|secret|private|client|consumer|app|account|service|shared|session|cookie|signing|sign|signature|encryption|encrypt|encryptor|decryption|crypto|cipher|hmac|aes|des|jwt|master|admin|license|licence|subscription|webhook|ingest|ingestion|write|storage|deploy|integration|developer|partner|bot|server|user|function|security|instrumentation|salt)_?key)s?${suffix}$`,
);
const key = new RegExp(`key${suffix}$`);
/** Words that end in `key` by chance. */
const animals = /(?:monkey|donkey|turkey|hockey|jockey|whiskey|mickey|lackey|hickey|smokey|pinkey)s?$/;

/** Names that end in a telling word and tell something else. */
const harmless =
  /(?:^|_)(?:public|pub|publishable|csrf|xsrf|csrfmiddleware|next|prev|previous|page|paging|pagination|continuation|continue|resume|sync|start|end|last|cancel|cancellation|pad|eos|bos|unk|mask|sep|cls|special|design|syntax|current|stop|primary|foreign|unique|cache|cached|index|sort|partition|range|map|object|dict|hot|shortcut|row|column|group|site|react|lookup|registry|sub|parent|translation|message|i18n|label|field|data|route|query|search|idempotency|dedup|dedupe|host|known|authorized|trusted|ssh_public|gpg|pgp|artifact|document|event|metric|feature|flag|setting|config|option|property|attribute|entity|type|order|no|not|forgot|forgotten|reset|show|hide|is|has|no|wrong|invalid|missing|bad|hash|hashed|encrypted|digest|checksum|sha|sha1|sha256|sha512|md5)_(?:\w+_)?(?:password|passwd|pwd|pass|token|secret|key)s?$/;

/** The kind of credential that a name announces; undefined for none. */
export function credentialOf(name: string): CredentialKind | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  if (harmless.test(words) || animals.test(words)) return undefined;
  if (password.test(words)) return 'password';
  if (secret.test(words)) return 'secret';
  return key.test(words) ? 'key' : undefined;
}
