/**
 * Redaction of text that leaves the process. The logger applies it to every string of every record, `run.ts` to
 * whatever goes to the terminal; the task says what a secret looks like.
 */

/** Returns the text with every secret in it replaced; text without one comes back as it is. */
export type Redact = (text: string) => string;

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** User information in a URL (RFC 3986, section 3.2.1), whatever the scheme. */
const userInformation = /(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]{1,512}@/gi;

/** Redacts user information in URLs, then what the task knows as a secret. */
export function redactor(taskRedact: Redact = (text) => text): Redact {
  return (text) => taskRedact(text.replaceAll(userInformation, `${REDACTED}@`));
}
