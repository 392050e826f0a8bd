/** The reader of compound files: messages of Outlook and old office documents, in files that are made here. */
import { describe, expect, test } from '@jest/globals';
import { compoundFileReader } from '../../../src/scan/containers/readers/compound-file.ts';
import { type Storage, compoundFile } from '../../../fixtures/compound-file.ts';
import { readContainer } from '../read-container.ts';

const wide = (text: string) => Buffer.from(text, 'utf16le');
const read = (storage: Storage) => readContainer(compoundFileReader, compoundFile(storage));
const u16 = (...values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
const u32 = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);

describe('compound files', () => {
  test('a message, its attachments, and a message attached to it', async () => {
    const rich = Buffer.concat([
      u32(0, 0, 0x75465a4c, 0),
      Buffer.from([0b1000_0000]),
      Buffer.from('{\\rtf1 '),
      Buffer.from([0, 0x05]),
    ]);
    const end = Buffer.from([
      0b10,
      0x78,
      (((207 + 7 + 7 + 1) % 4096) >> 4) & 0xff,
      (((207 + 7 + 7 + 1) % 16) << 4) & 0xff,
    ]);
    const { entries, problem } = await read({
      '__properties_version1.0': Buffer.alloc(32),
      '__substg1.0_0037001F': wide('the subject'),
      '__substg1.0_1000001E': Buffer.from('caf\xe9\r\nsecond line', 'latin1'),
      '__substg1.0_10130102': Buffer.from('<p>pass<b>word</b></p>'),
      '__substg1.0_10090102': Buffer.concat([rich, end]),
      '__attach_version1.0_#00000000': {
        '__substg1.0_3704001F': wide('NOTES~1.TXT'),
        '__substg1.0_3707001F': wide('notes ü.txt'),
        '__substg1.0_37010102': Buffer.from('attached '.repeat(1000)),
      },
      '__attach_version1.0_#00000001': {
        '__substg1.0_3701000D': {
          '__substg1.0_1000001F': wide('inner body'),
          '__substg1.0_1013001F': wide('a&amp;b'),
        },
      },
    });
    expect(problem).toBeUndefined();
    expect(Object.fromEntries(entries)).toEqual({
      'message.txt': 'the subject\ncafé\nsecond line\nNOTES~1.TXT\nnotes ü.txt\ninner body\n',
      'message.html': '<p>pass<b>word</b></p>',
      'message.html.txt': '\npassword\n\n',
      'message.rtf': '{\\rtf1 {\\rtf1\\x',
      '1/notes ü.txt': 'attached '.repeat(1000),
      '2/attachment/message.html': 'a&amp;b',
      '2/attachment/message.html.txt': 'a&b\n',
    });
  });

  test('a document of Word, with a macro', async () => {
    const header = Buffer.alloc(0x1aa);
    u16(0xa5ec, 0x00c1).copy(header);
    header.writeUInt16LE(0x0200, 10);
    const [narrow, broad] = [
      Buffer.from('pass\x13 LINK \x14word\rcell\x07next\x07', 'latin1'),
      wide('grün €\r'),
    ];
    header.writeUInt32LE(4, 0x1a2);
    const pieces = Buffer.concat([
      u32(0, narrow.length, narrow.length + broad.length / 2),
      u16(0),
      u32((0x1aa * 2) | 0x4000_0000),
      u16(0),
      u16(0),
      u32(0x1aa + narrow.length),
      u16(0),
    ]);
    const table = Buffer.concat([u32(7), Buffer.from([1, 1, 0, 9, 2]), u32(pieces.length), pieces]);
    header.writeUInt32LE(table.length - 4, 0x1a6);
    const main = Buffer.concat([header, narrow, broad]);
    const module = Buffer.concat([
      Buffer.from('module\x01'),
      u16(0xb000 | 13),
      Buffer.from('\0Attribut\x04e \0\x70', 'latin1'),
    ]);
    const document = {
      WordDocument: main,
      '1Table': table,
      Macros: { VBA: { Module1: module, dir: Buffer.from('x') } },
    };
    const { entries } = await read(document);
    expect(entries.get('WordDocument.txt')).toBe('pass  LINK  word\ncell\tnext\tgrün €\n');
    expect(entries.get('Macros/VBA/Module1.bas')).toBe('Attribute tri');
    expect(entries.has('Macros/VBA/dir.bas')).toBe(false);
    main.writeUInt16LE(0x0300, 10);
    expect((await read(document)).entries.get('WordDocument.txt')).toBe('[encrypted]');
  });

  test('a workbook', async () => {
    const record = (type: number, ...parts: readonly Uint8Array[]) => {
      const data = Buffer.concat(parts);
      return Buffer.concat([u16(type, data.length), data]);
    };
    const text = (value: string) => Buffer.concat([u16(value.length), Buffer.from([0]), Buffer.from(value)]);
    const begin = record(0x809, u16(0x600, 5), Buffer.alloc(12));
    const stream = Buffer.concat([
      begin,
      record(0x85, Buffer.alloc(6), Buffer.from([2, 1]), wide('Sé')),
      // The second text has a format and goes on in the next record, there in two bytes for each character.
      record(0xfc, u32(2, 2), text('user'), u16(6), Buffer.from([8]), u16(1), Buffer.from('Gh')),
      record(0x3c, Buffer.from([1]), wide('7x€q'), Buffer.alloc(4)),
      record(0xfd, u16(0, 0, 0), u32(0)),
      record(0xfd, u16(0, 1, 0), u32(1)),
      record(0x06, u16(1, 0, 0), Buffer.alloc(16)),
      record(0x207, text('computed')),
      record(0x1b6, Buffer.alloc(10), u16(7), Buffer.alloc(6)),
      record(0x3c, Buffer.from([0]), Buffer.from('comm')),
      record(0x3c, Buffer.from([0]), Buffer.from('ent')),
      record(0x3c, Buffer.alloc(16)),
    ]);
    const { entries } = await read({ Workbook: stream });
    expect(entries.get('Workbook.txt')).toBe('Sé\nuser\tGh7x€q\ncomment\ncomputed\n');
    const encrypted = await read({ Workbook: Buffer.concat([begin, record(0x2f, u16(1))]) });
    expect(encrypted.entries.get('Workbook.txt')).toBe('[encrypted]');
  });

  test('a presentation, and what is encrypted', async () => {
    const atom = (type: number, data: Buffer) => Buffer.concat([u16(0, type), u32(data.length), data]);
    const inner = Buffer.concat([
      atom(0xfa0, wide('Titel ü\rline')),
      atom(0x1234, Buffer.from('none')),
      atom(0xfa8, Buffer.from('narrow')),
    ]);
    const stream = Buffer.concat([u16(0xf, 0x3e8), u32(inner.length), inner]);
    const shown = { 'PowerPoint Document': stream, Pictures: Buffer.from('\x01picture words\x02') };
    const { entries } = await read(shown);
    expect(entries.get('PowerPoint Document.txt')).toBe('Titel ü\nline\nnarrow\n');
    expect(entries.get('Pictures.txt')).toBe('picture words\n');
    expect((await read({ ...shown, EncryptedSummary: stream })).entries.get('PowerPoint Document')).toBe(
      '[encrypted]',
    );
    expect((await read({ EncryptedPackage: stream })).entries.get('EncryptedPackage')).toBe('[encrypted]');
  });

  test('what is damaged is reported', async () => {
    const sound = compoundFile({
      first: Buffer.from('the first words'),
      second: Buffer.alloc(9000, 'words '),
    });
    const cut = await readContainer(compoundFileReader, sound.subarray(0, 5000));
    expect(cut.problem).toBe('damaged');
    // The table of sectors leads the longer stream back to its own beginning, and says the same of the directory.
    const circle = Buffer.from(sound);
    circle.fill(0, sound.length - 512);
    expect((await readContainer(compoundFileReader, circle)).problem).toBe('damaged');
    expect((await readContainer(compoundFileReader, Buffer.alloc(600))).problem).toBe('damaged');
    expect((await readContainer(compoundFileReader, sound, () => true)).problem).toBe('container-limit');
  });
});
