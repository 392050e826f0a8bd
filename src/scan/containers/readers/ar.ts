/** ar: Debian's packages, and libraries of object files; with the long names of GNU and of BSD. */
import { ContainerError, type ContainerEntry, type ReaderLimits, type StreamReader } from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;
const MAX_NAMES = 2 ** 20;

export const ar: StreamReader = {
  needs: 'stream',
  read: (content, _name, limits) => readFrom(content, entries, limits),
};

async function* entries(reader: ByteReader, limits: ReaderLimits): AsyncIterable<ContainerEntry> {
  if ((await reader.take(MAGIC.length)).toString('latin1') !== MAGIC) {
    throw new ContainerError('damaged', 'start of the archive');
  }
  /** The table of GNU's long names. */
  let names = '';
  while (!(await reader.atEnd())) {
    stopIfOver(limits);
    const header = Buffer.from(await reader.take(HEADER));
    const [, declared = ''] = /^(\d{1,10}) *`\n$/.exec(header.toString('latin1', 48)) ?? [];
    if (declared === '') throw new ContainerError('damaged', 'a header of a file');
    const size = Number(declared);
    const plain = header.toString('utf8', 0, 16).trimEnd();
    const inContent = Number(/^#1\/(\d{1,5})$/.exec(plain)?.[1] ?? 0);
    if (plain === '//' && size <= MAX_NAMES) {
      names = (await reader.take(size)).toString('utf8');
    } else if (plain === '/' || plain === '/SYM64/' || plain === '//') {
      await reader.skip(size);
    } else {
      if (inContent > size) throw new ContainerError('damaged', 'a name');
      const name = inContent > 0 ? untilNul(await reader.take(inContent)) : nameOf(plain, names);
      const section = reader.section(size - inContent);
      yield { name, content: section };
      await section.skip();
    }
    if (size % 2 === 1 && !(await reader.atEnd())) await reader.skip(1);
  }
}

function untilNul(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\0.*$/s, '');
}

/** @param plain the name in the header: `/` and a place in the table, or a name that may end with `/` */
function nameOf(plain: string, names: string): string {
  const place = /^\/(\d+)$/.exec(plain)?.[1];
  if (place === undefined) return plain.replace(/\/$/, '');
  return /^[^\n]*/.exec(names.slice(Number(place)))?.[0].replace(/\/$/, '') ?? plain;
}
