/**
 * Removes the local symbols of a Mach-O executable, like `strip -x`: names that only a debugger needs, a quarter of a stock Node. Symbols
 * that other modules bind to stay (Apple, `mach-o/loader.h` and `mach-o/nlist.h`).
 */
import {
  LC_CODE_SIGNATURE,
  LC_DYSYMTAB,
  LC_SEGMENT_64,
  LC_SYMTAB,
  loadCommandsOf,
  resizeSegment,
  roundUp,
  segmentAt,
} from './mach-o.ts';
import { signAdHoc } from './mach-o-signature.ts';

/** `struct nlist_64`, which starts with the offset of its name in the string table. */
const SYMBOL_SIZE = 16;
/** From this value on, an indirect entry is a flag and not a symbol (INDIRECT_SYMBOL_ABS, INDIRECT_SYMBOL_LOCAL). */
const INDIRECT_FLAGS = 0x40000000;

/**
 * Returns the file with an ad-hoc signature, because the change invalidates the previous one.
 * @throws Error when the symbols are not at the end of the file, or are in use
 */
export function withoutLocalSymbols(executable: Buffer): Buffer {
  const commands = loadCommandsOf(executable);
  const command = (wanted: number) => {
    const found = commands.find(({ kind }) => kind === wanted);
    if (found === undefined) throw new Error(`a Mach-O without the load command ${wanted}`);
    return found.at;
  };
  const [table, dynamic, signature] = [command(LC_SYMTAB), command(LC_DYSYMTAB), command(LC_CODE_SIGNATURE)];
  const word = (at: number) => executable.readUInt32LE(at);
  const [start, indirectStart, stringsStart] = [word(table + 8), word(dynamic + 56), word(table + 16)];
  const locals = word(dynamic + 12);
  const isAsExpected =
    word(dynamic + 8) === 0 &&
    word(dynamic + 16) === locals &&
    indirectStart === start + word(table + 12) * SYMBOL_SIZE &&
    stringsStart === indirectStart + word(dynamic + 60) * 4 &&
    word(signature + 8) === roundUp(stringsStart + word(table + 20), 16);
  if (!isAsExpected) throw new Error('a Mach-O whose symbols are not in the expected order');

  const symbols = Buffer.from(executable.subarray(start + locals * SYMBOL_SIZE, indirectStart));
  const names: Buffer[] = [Buffer.from(' \0')];
  let namesSize = 2;
  for (let at = 0; at < symbols.length; at += SYMBOL_SIZE) {
    const from = stringsStart + symbols.readUInt32LE(at);
    const name = executable.subarray(from, executable.indexOf(0, from) + 1);
    symbols.writeUInt32LE(namesSize, at);
    names.push(name);
    namesSize += name.length;
  }
  const indirect = Buffer.from(executable.subarray(indirectStart, stringsStart));
  for (let at = 0; at < indirect.length; at += 4) {
    const symbol = indirect.readUInt32LE(at);
    if (symbol >= INDIRECT_FLAGS) continue;
    if (symbol < locals) throw new Error('a Mach-O that binds to a local symbol');
    indirect.writeUInt32LE(symbol - locals, at);
  }
  const parts = [executable.subarray(0, start), symbols, indirect, ...names];
  const size = start + symbols.length + indirect.length + namesSize;
  const stripped = Buffer.concat(parts, roundUp(size, 16));

  const write = (at: number, value: number) => stripped.writeUInt32LE(value, at);
  write(table + 12, symbols.length / SYMBOL_SIZE);
  write(table + 16, size - namesSize);
  write(table + 20, namesSize);
  write(dynamic + 12, 0);
  write(dynamic + 16, 0);
  write(dynamic + 24, word(dynamic + 24) - locals);
  write(dynamic + 56, start + symbols.length);
  write(signature + 8, stripped.length);
  write(signature + 12, 0);
  const segments = commands
    .filter(({ kind }) => kind === LC_SEGMENT_64)
    .map(({ at }) => segmentAt(stripped, at));
  const linkEdit = segments.find(({ name }) => name === '__LINKEDIT');
  if (linkEdit === undefined) throw new Error('a Mach-O without __LINKEDIT');
  resizeSegment(stripped, linkEdit, stripped.length - linkEdit.offset);
  return signAdHoc(stripped);
}
