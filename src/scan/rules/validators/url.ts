/** The password within a URL: a real one, or a placeholder from documentation. */
import type { MatchContext } from '../model/rule.ts';
import { placeOf } from './file-place.ts';
import { judgePassword } from './password.ts';
import { opaque } from './opaque.ts';
import { looksRandom } from './randomness.ts';
import { weakPassword } from './stored-password.ts';
import { isReference } from './value.ts';
import { type Verdict, regraded, rejected, sample } from '../model/verdict.ts';

/** Schemes of data stores, message queues and accounts: their passwords are more severe than a web page's. */
const stores =
  /^(?:postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|oracle|mongodb|rediss?|amqps?|clickhouse|cassandra|neo4j|bolt|nats|kafka|ldaps?|smtps?|couchdb|couchbases?|elasticsearch|cockroach(?:db)?|db2|snowflake|presto|trino|vertica|hive|influxdb|mqtts?|ssh|sftp|ftps?|smb|imaps?|pop3s?|jdbc|pgsql|pg)/i;

/** Host names in documentation: those reserved for it (RFC 2606, RFC 6761), and those that people invent. */
const documented =
  /(?:^|\.)(?:example(?:\.[a-z]{2,4})?|invalid|test|(?:(?:my|your)[-_]?)?(?:company|domain|server|host|site|organi[sz]ation)\.(?:com|org|net|tld))$/i;
const invented =
  /(?:^|[-._])(?:example|my|your|some|foo|bar|acme|contoso|hostname|host|server|domain|site|company)(?:[-._]|$)/i;
const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|host\.docker\.internal)$/i;

/** Judges a password by itself and by the groups `scheme`, `user` and `host`. */
export function urlPassword(secret: string, { groups, path }: MatchContext): Verdict {
  const { scheme = '', user = '', host = '' } = groups;
  const plain = decoded(secret);
  // The default user of Redis and ClickHouse is called `default`.
  if (plain.length < 3 || (user !== 'default' && isReference(user, true))) return rejected;
  // `user:pass@host` as documentation has it.
  if (/^(?:host|hostname|server|your[-_.]?host.{0,20}|domain|proxy)$/i.test(host) && plain.length < 12)
    return rejected;
  if (documented.test(host) && plain.length < 6) return rejected;
  // `USER:TOKEN@HOST`, with or without a domain.
  if (/^[A-Z][A-Z_]{1,30}$/.test(plain) && /^[A-Z_]{2,40}$/.test(user) && /^[A-Z_]{2,40}(?:\.|$)/.test(host))
    return rejected;
  const store = stores.exec(scheme)?.[0];
  const evidence = store === undefined ? 'in a URL' : `in a ${store.toLowerCase()} URL`;
  const weak =
    isReal(host) && !/^user(?:name)?$/i.test(user) && placeOf(path) === 'settings'
      ? weakPassword(plain, path, evidence)
      : undefined;
  if (weak !== undefined) return weak;
  const verdict = judgePassword(plain, evidence);
  // Everybody knows it, and it opens a web page that is reachable only locally.
  if (verdict.isSample === true && store === undefined && !host.includes('.')) return rejected;
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  if (/^user(?:name)?$/i.test(user) && /^pass/i.test(plain))
    return sample(evidence, 'looks like a placeholder');
  if (documented.test(host)) return sample(evidence, 'example host');
  if (plain === user) return regraded('low', evidence, 'same as the user name');
  if (local.test(host)) return regraded('low', evidence, 'local host');
  // A short word for a web page is in a test more often than in a configuration.
  if (store === undefined && /^[a-z]{1,7}$/i.test(plain)) return sample(evidence, 'short word');
  return store === undefined ? regraded('medium', evidence) : verdict;
}

/** A machine that somebody runs: with a domain or an address that others reach. */
function isReal(host: string): boolean {
  return (
    /[A-Za-z0-9]\.[A-Za-z0-9]/.test(host) &&
    !documented.test(host) &&
    !local.test(host) &&
    !invented.test(host)
  );
}

/** Judges a token in the place of a user: it must look random, and the host must not be one of documentation. */
export function urlToken(secret: string, { groups }: MatchContext): Verdict {
  if (documented.test(groups['host'] ?? '') || !/[0-9]/.test(secret) || !looksRandom(secret)) return rejected;
  return opaque(secret, secret, 'in a URL');
}

/** Removes percent-encoding; returns the text unchanged where that is invalid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
