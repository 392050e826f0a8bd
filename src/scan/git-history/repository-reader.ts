/**
 * Reads the texts of a repository's history: files, messages of commits, tags. First, all objects are listed; then the commits say which files
 * are theirs; then the contents are read, one after another. What nothing refers to any more is read too.
 */
import { createHash, hash } from 'node:crypto';
import { describeError } from '../../host/exit/task-error.ts';
import type { FolderWalk, Platform } from '../../host/platform/index.ts';
import { ContainerError } from '../containers/container.ts';
import type { GapReason } from '../model/coverage.ts';
import { commitIn, nameFiles } from './commit-walk.ts';
import { ObjectFiles } from './object-files.ts';
import { ObjectIndex, type ObjectPlace } from './object-index.ts';
import type { HeldObject, ObjectType } from './git-object.ts';
import type { Bases, PackEntry, PackReader } from './pack-reader.ts';
import type { Part, RepositoryParts } from './repository-parts.ts';

/** A text of the history. */
export interface HistoryText {
  /** Where it is: commit and path, or type and id. */
  readonly inside: string;
  /** The path of a file below its commit. */
  readonly name: string | undefined;
  /** How many commits are older than its own; Infinity for what no commit has. */
  readonly rank: number;
  /** One that is too large to be held must be read before the next text. */
  readonly content: Buffer | AsyncIterable<Uint8Array>;
}

export interface RepositoryReaderOptions extends RepositoryParts {
  /** The folder `objects`, without links, and as it is reported. */
  readonly objects: string;
  readonly path: string;
  readonly platform: Platform;
  readonly walk: FolderWalk;
  /** Called for a part that was not read to its end. */
  readonly onGap: (part: Part, path: string, reason: GapReason | Error) => void;
  /** Called often. @returns a promise to await, if there is one */
  readonly pause: () => Promise<void> | undefined;
  readonly isCancelled: () => boolean;
}

/** Name of the text of a commit: what git calls the file in which a message is written. */
const MESSAGE = 'COMMIT_EDITMSG';
/** How often deltas are tried whose bases come after them: git writes bases first, or all of them last. */
const MAX_ROUNDS = 50;
/** Packs that may name bases in each other, one after the other. */
const MAX_PACKS_IN_CHAIN = 8;

export class RepositoryReader {
  readonly #options: RepositoryReaderOptions;
  readonly #index = new ObjectIndex();
  readonly #files: ObjectFiles;
  #packsInChain = 0;

  constructor(options: RepositoryReaderOptions) {
    const { objects, path, idBytes, platform, walk } = options;
    this.#options = options;
    this.#files = new ObjectFiles(objects, path, idBytes, platform, walk);
  }

  /** Ends early when the run must end. */
  async *texts(): AsyncGenerator<HistoryText, void, undefined> {
    try {
      for (const [number, part] of this.#options.parts.entries()) {
        if (this.#options.isCancelled()) return;
        yield* this.#list(part, number);
      }
      this.#files.close();
      await this.#name();
      this.#files.close();
      yield* this.#contents();
    } finally {
      this.#files.close();
    }
  }

  /** Adds a part's objects to the index; yields those for which it has no room. */
  async *#list(part: Part, number: number): AsyncGenerator<HistoryText, void, undefined> {
    try {
      if (part.id === undefined) yield* this.#listPack(part, number);
      else yield* this.#listLoose(part, number, part.id);
      const wait = this.#options.pause();
      if (wait !== undefined) await wait;
    } catch (error) {
      this.#failed(part, error);
    }
  }

  *#listLoose(part: Part, number: number, name: string): Generator<HistoryText, void, undefined> {
    const object = this.#files.loose(part);
    const place = { part: number, offset: 0 };
    const id = Buffer.from(name, 'hex');
    if ('content' in object) yield* this.#add(id, object, place);
    else {
      object.close();
      this.#index.add(id, 'blob', place);
    }
  }

  async *#listPack(part: Part, number: number): AsyncGenerator<HistoryText, void, undefined> {
    const { isCancelled, pause, onGap } = this.#options;
    const reader = this.#pack(part, number);
    const baseless: number[] = [];
    const gaps = new Set<GapReason>();
    for await (const entry of reader.entries()) {
      if (isCancelled()) return;
      const place = { part: number, offset: entry.offset };
      if (entry.kind === 'object') yield* this.#add(this.#idOf(entry.type, entry.content), entry, place);
      else if (entry.kind === 'stream') this.#index.add(await this.#idOfStream(entry), entry.type, place);
      else if (entry.kind === 'baseless') baseless.push(entry.offset);
      else gaps.add(entry.kind === 'damaged' ? 'damaged' : 'container-limit');
      const wait = pause();
      if (wait !== undefined) await wait;
    }
    for await (const found of this.#listBaseless(reader, number, baseless)) {
      if (typeof found === 'string') gaps.add(found);
      else yield found;
    }
    for (const reason of gaps) onGap(part, this.#files.pathOf(part), reason);
  }

  /** Bases may come after their deltas. Yields why some cannot be read, too. */
  async *#listBaseless(
    reader: PackReader,
    number: number,
    offsets: readonly number[],
  ): AsyncGenerator<HistoryText | GapReason, void, undefined> {
    let waiting = offsets;
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === MAX_ROUNDS) yield 'container-limit';
      if (round === MAX_ROUNDS || this.#options.isCancelled()) return;
      const rest: number[] = [];
      for (const offset of waiting) {
        const entry = reader.again(offset);
        if (entry.kind === 'baseless') rest.push(offset);
        else if (entry.kind !== 'object') yield entry.kind === 'damaged' ? 'damaged' : 'container-limit';
        else yield* this.#add(this.#idOf(entry.type, entry.content), entry, { part: number, offset });
        const wait = this.#options.pause();
        if (wait !== undefined) await wait;
      }
      if (rest.length === waiting.length) {
        yield 'damaged';
        return;
      }
      waiting = rest;
    }
  }

  *#add(
    id: Buffer,
    { type, content }: HeldObject,
    place: ObjectPlace,
  ): Generator<HistoryText, void, undefined> {
    if (this.#index.isFull) {
      const isText = type !== 'tree' && this.#index.find(id) === undefined;
      if (isText) yield { ...nameless(type, id.toString('hex', 0, 4)), content };
      return;
    }
    const number = this.#index.add(id, type, place);
    if (number === undefined || type !== 'commit') return;
    const commit = commitIn(content);
    if (commit !== undefined) this.#index.addCommit(number, commit.tree, commit.time);
  }

  async #name(): Promise<void> {
    const { idBytes, isCancelled, pause } = this.#options;
    const contentOf = (number: number) => {
      const content = this.#read(number);
      return content instanceof Buffer ? content : undefined;
    };
    for (const commit of this.#index.commits()) {
      this.#index.name(commit.number, commit.rank, MESSAGE);
      for (const _ of nameFiles(commit, this.#index, idBytes, contentOf)) {
        if (isCancelled()) return;
        const wait = pause();
        if (wait !== undefined) await wait;
      }
    }
  }

  async *#contents(): AsyncGenerator<HistoryText, void, undefined> {
    const { isCancelled } = this.#options;
    for (let number = 0; number < this.#index.size && !isCancelled(); number += 1) {
      const type = this.#index.typeOf(number);
      if (type === 'tree') continue;
      const content = this.#read(number);
      if (content === undefined) continue;
      const name = this.#index.nameOf(number);
      if (name === undefined) yield { ...nameless(type, this.#index.shortId(number)), content };
      else {
        const { commit, rank, path } = name;
        yield { inside: `${commit}/${path}`, name: type === 'blob' ? path : undefined, rank, content };
      }
    }
  }

  /** An object that was listed. Undefined, after a gap was recorded, when it cannot be read any more. */
  #read(number: number): Buffer | AsyncIterable<Uint8Array> | undefined {
    const { part: partNumber, offset } = this.#index.placeOf(number);
    const part = this.#options.parts[partNumber];
    if (part === undefined) return undefined;
    try {
      if (part.id !== undefined) {
        const object = this.#files.loose(part);
        return 'content' in object ? object.content : closedAfter(object.pieces, object.close);
      }
      const content = this.#pack(part, partNumber).contentAt(offset);
      if (content === undefined) throw new ContainerError('damaged', 'a delta has no base');
      return content;
    } catch (error) {
      this.#failed(part, error);
      return undefined;
    }
  }

  #pack(part: Part, number: number): PackReader {
    const bases: Bases = {
      offsetOf: (id) => {
        const found = this.#index.find(id);
        const place = found === undefined ? undefined : this.#index.placeOf(found);
        return place?.part === number ? place.offset : undefined;
      },
      elsewhere: (id) => this.#elsewhere(id, number),
    };
    return this.#files.pack(part, number, bases);
  }

  #elsewhere(id: Buffer, from: number): HeldObject | undefined {
    const found = this.#index.find(id);
    if (found === undefined || this.#packsInChain === MAX_PACKS_IN_CHAIN) return undefined;
    if (this.#index.placeOf(found).part === from) return undefined;
    this.#packsInChain += 1;
    try {
      const content = this.#read(found);
      return content instanceof Buffer ? { type: this.#index.typeOf(found), content } : undefined;
    } finally {
      this.#packsInChain -= 1;
    }
  }

  #idOf(type: ObjectType, content: Buffer): Buffer {
    const text = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    return hash(this.#options.idBytes === 20 ? 'sha1' : 'sha256', text, 'buffer');
  }

  async #idOfStream({ type, size, content }: PackEntry & { readonly kind: 'stream' }): Promise<Buffer> {
    const id = this.#hash(type, size);
    for await (const piece of content) id.update(piece);
    return id.digest();
  }

  #hash(type: ObjectType, size: number) {
    return createHash(this.#options.idBytes === 20 ? 'sha1' : 'sha256').update(`${type} ${size}\0`);
  }

  #failed(part: Part, error: unknown): void {
    const reason =
      error instanceof ContainerError ? error.reason : new Error(describeError(error), { cause: error });
    this.#options.onGap(part, this.#files.pathOf(part), reason);
  }
}

/** The place of something that no known commit has. */
function nameless(type: ObjectType, id: string): Omit<HistoryText, 'content'> {
  return { inside: `${type}/${id}`, name: undefined, rank: Infinity };
}

async function* closedAfter(
  pieces: AsyncIterable<Uint8Array>,
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces;
  } finally {
    close();
  }
}
