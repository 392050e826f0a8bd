/** The short form of a fingerprint: for people, in records, and in ignore lists. */

/** Digits of a short fingerprint: 64 bits, so that two secrets of a fleet hardly ever share one. */
export const FINGERPRINT_DIGITS = 16;

export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, FINGERPRINT_DIGITS);
}
