/** The format of Keeper Secrets Manager credentials (Keeper, "Secrets Manager Configuration" and its SDKs). */
import type { MatchContext } from '../model/rule.ts';
import { isDegenerate, isMixed, opaque } from './opaque.ts';
import { type Verdict, accepted, doubtful, rejected, sample } from '../model/verdict.ts';

/** `REGION:` and the base64url of 32 bytes: the last of 43 characters carries four bits, so it is one of sixteen. */
export function oneTimeToken(secret: string): Verdict {
  const body = secret.slice(secret.indexOf(':') + 1);
  if (!isMixed(body) || isDegenerate(body)) return rejected;
  return /[AEIMQUYcgkosw048]$/.test(body)
    ? accepted('expected length')
    : doubtful('does not encode 32 bytes');
}

/** Keeper's data centres by the host in a configuration ("Secrets Manager Configuration"). */
const regions: ReadonlyMap<unknown, string> = new Map([
  ['keepersecurity.com', 'US'],
  ['keepersecurity.eu', 'EU'],
  ['keepersecurity.com.au', 'AU'],
  ['keepersecurity.jp', 'JP'],
  ['keepersecurity.ca', 'CA'],
  ['govcloud.keepersecurity.us', 'US GovCloud'],
]);

/** Keys of the configuration that, together with its host, give access to an application's records. */
const essential = ['clientId', 'privateKey', 'appKey'] as const;

/** The JSON form, also with its quotes escaped. */
export function configuration(secret: string): Verdict {
  let value: unknown;
  try {
    value = JSON.parse(secret.replaceAll(String.raw`\"`, '"'));
  } catch {
    return rejected;
  }
  if (typeof value !== 'object' || value === null) return rejected;
  const entries = new Map<string, unknown>(Object.entries(value));
  const fields = essential.map((name) => entries.get(name));
  if (!fields.every((field): field is string => typeof field === 'string')) return rejected;
  // The region's name, not the host's: evidence must not repeat any part of the match.
  const region = regions.get(entries.get('hostname'));
  const evidence = region === undefined ? [] : [`Keeper region ${region}`];
  // The documentation prints rows of one letter instead of the keys.
  return fields.some(isDegenerate) ? sample(...evidence, 'looks like a placeholder') : accepted(...evidence);
}

/** The base64 form of that JSON. */
export function encodedConfiguration(secret: string): Verdict {
  return configuration(Buffer.from(secret, 'base64').toString('utf8').trim());
}

/** The application's key in a section of `keeper.ini`: a key of 32 bytes; by itself, it may be any program's. */
export function profileKey(secret: string, { groups }: MatchContext): Verdict {
  return isMixed(secret) &&
    Buffer.from(secret, 'base64').length === 32 &&
    (groups['before'] ?? groups['after']) !== undefined
    ? opaque(secret, secret)
    : rejected;
}

/** The private half of a device's key: 32 bytes of a curve, or a key in DER. */
export function deviceKey(secret: string): Verdict {
  return isMixed(secret) ? opaque(secret, secret) : rejected;
}
