/**
 * Work of a single thread. Folders with the same parent are stored by name only, in some 20 bytes each, because a
 * folder may contain a million of them.
 */
import type { WaitingFolder, Work } from '../walk/index.ts';

const INITIAL_BYTES = 256;
/** Each name is followed by its length. */
const TAIL_BYTES = 2;
const MAX_NAME_BYTES = 0xffff;

/** Folders with the same parent. */
class Siblings {
  readonly root: string;
  /** With the separator at its end. */
  readonly parent: string;
  #names = Buffer.allocUnsafe(INITIAL_BYTES);
  #end = 0;

  constructor(root: string, parent: string) {
    this.root = root;
    this.parent = parent;
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  push(name: string): void {
    const length = Buffer.byteLength(name);
    const end = this.#end + length + TAIL_BYTES;
    if (end > this.#names.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#names.length));
      this.#names.copy(larger, 0, 0, this.#end);
      this.#names = larger;
    }
    this.#names.write(name, this.#end);
    this.#names.writeUInt16LE(length, end - TAIL_BYTES);
    this.#end = end;
  }

  pop(): WaitingFolder {
    const to = this.#end - TAIL_BYTES;
    this.#end = to - this.#names.readUInt16LE(to);
    const path = this.parent + this.#names.toString('utf8', this.#end, to);
    return { kind: 'folder', root: this.root, path };
  }
}

/** A stack. */
export class OwnWork {
  readonly #items: (Work | Siblings)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(work: Work): void {
    this.#length += 1;
    // A name that is not valid Unicode (Windows) would be changed by UTF-8.
    if (work.kind !== 'folder' || work.path.length > MAX_NAME_BYTES / 3 || !work.path.isWellFormed()) {
      this.#items.push(work);
      return;
    }
    const { root, path } = work;
    const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
    const parent = path.slice(0, cut);
    let last = this.#items.at(-1);
    if (!(last instanceof Siblings) || last.root !== root || last.parent !== parent) {
      last = new Siblings(root, parent);
      this.#items.push(last);
    }
    last.push(path.slice(cut));
  }

  pop(): Work | undefined {
    const last = this.#items.at(-1);
    if (last === undefined) return undefined;
    this.#length -= 1;
    if (!(last instanceof Siblings)) {
      this.#items.pop();
      return last;
    }
    const folder = last.pop();
    if (last.isEmpty) this.#items.pop();
    return folder;
  }
}
