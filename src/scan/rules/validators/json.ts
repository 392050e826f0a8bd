/**
 * Tokens that are JSON in base64: their structure shows that they are genuine; the evidence never repeats their
 * content.
 */
import { type Verdict, doubtful, proven } from '../model/verdict.ts';
import { opaque } from './opaque.ts';

/** True for an object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object encoded in base64 of either alphabet, or undefined. */
function decoded(base64: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Judges a token by the keys of the JSON object in it. */
function holding(secret: string, base64: string, ...keys: readonly string[]): Verdict {
  const verdict = opaque(secret, base64);
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  const value = decoded(base64);
  return value !== undefined && keys.every((key) => key in value)
    ? proven('structure valid')
    : doubtful('invalid structure');
}

/** `ops_`, then an object with the sign-in credentials (1Password, "Service account token"). */
export function onePasswordToken(secret: string): Verdict {
  return holding(secret, secret.slice('ops_'.length), 'secretKey', 'email');
}

/** `sntrys_`, an object with the region and the organisation, `_`, a random part (Sentry RFC 91). */
export function sentryToken(secret: string): Verdict {
  return holding(secret, secret.slice('sntrys_'.length, secret.lastIndexOf('_')), 'iat', 'org');
}

/** `glc_`, then an object: the organisation, a name, the key, the region (Grafana Cloud access policies). */
export function grafanaCloudToken(secret: string): Verdict {
  return holding(secret, secret.slice('glc_'.length), 'o', 'n', 'k');
}

/** An object: key, name, id of the organisation (Grafana, API keys before version 9). */
export function grafanaApiKey(secret: string): Verdict {
  return holding(secret, secret, 'k', 'n', 'id');
}
