/**
 * Mail in text files: single messages (`.eml`, Maildir) and mailboxes (mbox). Such a file is scanned as the text that it is, so the reader
 * yields only what cannot be seen there: decoded fields and parts, attachments, and the text of HTML where tags divide words.
 */
import type { ByteSource, ContainerEntry, ReaderLimits, StreamReader } from '../container.ts';
import { LineCursor } from './mail/line-cursor.ts';
import { messageEntries } from './mail/parts.ts';

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
