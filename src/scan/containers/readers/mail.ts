/**
 * Mail in text files: single messages (`.eml`, Maildir) and mailboxes (mbox). Such a file is scanned as the text that it is, so the reader
 * yields only what cannot be seen there: decoded fields and parts, attachments, and the text of HTML where tags divide words.
 */
import type { ByteSource, ContainerEntry, ReaderLimits, StreamReader } from '../container.ts';
import { LineCursor } from './mail/line-cursor.ts';
import { messageEntries } from './mail/parts.ts';

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

export const mailReader: StreamReader = { needs: 'stream', read };

async function* read(
  content: ByteSource,
  _name: string,
  limits: ReaderLimits,
): AsyncGenerator<ContainerEntry> {
  const cursor = new LineCursor(content, limits);
  const place = { boundaries: [], maxHtmlChars: Math.floor(limits.memoryBytes / 8), depth: 0 };
  try {
    const first = await cursor.next();
    if (first?.startsWith('From ') !== true) {
      if (first !== undefined) cursor.back(first);
      yield* messageEntries(cursor, { ...place, prefix: '', isMailbox: false, names: new Set() });
      return;
    }
    for (let number = 1, line: string | undefined = first; line !== undefined; number += 1) {
      const prefix = `message-${number}/`;
      yield* messageEntries(cursor, { ...place, prefix, isMailbox: true, names: new Set() });
      line = await cursor.next();
    }
  } finally {
    await cursor.close();
  }
}
