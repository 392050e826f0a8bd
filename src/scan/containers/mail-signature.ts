/** Tells mail from other texts. */

/** How mail begins, as far as programs write it. */
export const MAIL_BEGINNINGS: readonly string[] = [
  'ARC-',
  'Authentication-Results:',
  'Content-Type:',
  'DKIM-Signature:',
  'Date:',
  'Delivered-To:',
  'From ',
  'From:',
  'MIME-Version:',
  'Message-ID:',
  'Received:',
  'Reply-To:',
  'Return-Path:',
  'Subject:',
  'To:',
  'X-',
];

const KNOWN_FIELD = /^(?:Date|From|MIME-Version|Message-ID|Received|Return-Path|Subject|To):/i;
const FIELD = /^(?:[\w-]{1,80}:|[ \t]|From )/;
/** Lines that are looked at. */
const MAX_LINES = 100;

/**
 * True if a text that has one of these beginnings is mail: fields up to an empty line, at least two of them those of every message.
 * @param block its first bytes
 */
export function isMail(block: Buffer): boolean {
  const lines = block.toString('latin1', 0, 16 * 1024).split(/\r?\n/, MAX_LINES);
  const end = lines.indexOf('');
  const header = end < 0 ? lines.slice(0, -1) : lines.slice(0, end);
  return (
    header.every((line) => FIELD.test(line)) && header.filter((line) => KNOWN_FIELD.test(line)).length >= 2
  );
}
