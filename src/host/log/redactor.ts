/**
 * Redaction of text that leaves the process. The logger applies it to every string of every record, and `host/run` to everything
 * that goes to the terminal; the task decides what a secret is.
 */

/** Returns the text with all secrets replaced; text without secrets is returned unchanged. */
export type Redact = (text: string) => string;

/** Replaces a secret. */
export const REDACTED = '[redacted]';

/** User information in a URL (RFC 3986, section 3.2.1), whatever the scheme. */
const userInformation = /(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]{1,512}@/gi;

/** Redacts user information in URLs, then what the task knows as a secret. */
export function redactor(taskRedact: Redact = (text) => text): Redact {
  return (text) => taskRedact(text.replaceAll(userInformation, `${REDACTED}@`));
}
