/** The objects of a repository: where each one is, and the first commit and the path that contain it. Numbers stand for objects. */
import { Column } from './column.ts';
import { IdTable } from './id-table.ts';
import { MAX_INDEXED_OBJECTS, MAX_PATHS } from './limits.ts';
import type { ObjectType } from './git-object.ts';

const objectTypes = ['commit', 'tree', 'blob', 'tag'] as const satisfies readonly ObjectType[];

/** Where an object is. */
export interface ObjectPlace {
  /** The index of its part. */
  readonly part: number;
  /** In a pack. */
  readonly offset: number;
}

/** A commit, as far as it is needed. */
export interface Commit {
  readonly number: number;
  /** How many are older. */
  readonly rank: number;
  /** The first bytes of its tree's id. */
  readonly tree: Buffer;
}

/** Where an object was first. */
export interface ObjectName {
  /** The first digits of the commit's id. */
  readonly commit: string;
  readonly rank: number;
  readonly path: string;
}

/** Bytes of an id that are kept. */
const KEPT_ID_BYTES = 8;

export class ObjectIndex {
  readonly #table = new IdTable();
  readonly #parts = new Column((length) => new Uint32Array(length));
  readonly #offsets = new Column((length) => new Float64Array(length));
  readonly #types = new Column((length) => new Uint8Array(length));
  readonly #ids = new Column((length) => new Uint32Array(length));
  /** The commit's rank plus one, and the path's number plus one. */
  readonly #commitOf = new Column((length) => new Uint32Array(length));
  readonly #pathOf = new Column((length) => new Uint32Array(length));
  readonly #paths: string[] = [];
  readonly #pathNumbers = new Map<string, number>();
  #order = new Uint32Array();
  readonly #commits = new Column((length) => new Uint32Array(length));
  readonly #times = new Column((length) => new Float64Array(length));
  readonly #trees = [
    new Column((length) => new Uint32Array(length)),
    new Column((length) => new Uint32Array(length)),
  ];

  get size(): number {
    return this.#offsets.length;
  }

  get isFull(): boolean {
    return this.size >= MAX_INDEXED_OBJECTS;
  }

  /** @returns the object's number; undefined when it is known already */
  add(id: Buffer, type: ObjectType, { part, offset }: ObjectPlace): number | undefined {
    if (this.#table.find(id) !== undefined) return undefined;
    const number = this.size;
    this.#table.add(id, number);
    this.#parts.push(part);
    this.#offsets.push(offset);
    this.#types.push(objectTypes.indexOf(type));
    this.#ids.push(id.readUInt32BE(0));
    this.#commitOf.push(0);
    this.#pathOf.push(0);
    return number;
  }

  /** @param tree the id of its tree; @param time when it was made, in seconds */
  addCommit(number: number, tree: Buffer, time: number): void {
    this.#commits.push(number);
    this.#times.push(time);
    this.#trees[0]?.push(tree.readUInt32BE(0));
    this.#trees[1]?.push(tree.readUInt32BE(4));
  }

  /** The number of the object whose id begins at an offset. */
  find(id: Buffer, at = 0): number | undefined {
    return this.#table.find(id, at);
  }

  typeOf(number: number): ObjectType {
    return objectTypes[this.#types.at(number)] ?? 'blob';
  }

  placeOf(number: number): ObjectPlace {
    return { part: this.#parts.at(number), offset: this.#offsets.at(number) };
  }

  /** The first eight digits of an id. */
  shortId(number: number): string {
    return this.#ids.at(number).toString(16).padStart(8, '0');
  }

  /** The oldest first. */
  *commits(): Generator<Commit, void, undefined> {
    const order = Uint32Array.from({ length: this.#commits.length }, (_, index) => index);
    order.sort((a, b) => this.#times.at(a) - this.#times.at(b) || a - b);
    this.#order = order.map((index) => this.#commits.at(index));
    for (const [rank, index] of order.entries()) {
      const tree = Buffer.alloc(KEPT_ID_BYTES);
      tree.writeUInt32BE(this.#trees[0]?.at(index) ?? 0, 0);
      tree.writeUInt32BE(this.#trees[1]?.at(index) ?? 0, 4);
      yield { number: this.#commits.at(index), rank, tree };
    }
  }

  isNamed(number: number): boolean {
    return this.#commitOf.at(number) !== 0;
  }

  /** @param commit its rank; @param path undefined for what needs none, such as a tree */
  name(number: number, commit: number, path: string | undefined): void {
    const pathNumber = path === undefined ? 0 : this.#numberOf(path);
    if (path !== undefined && pathNumber === 0) return;
    this.#commitOf.set(number, commit + 1);
    this.#pathOf.set(number, pathNumber);
  }

  /** Undefined for an object that no known commit contains. */
  nameOf(number: number): ObjectName | undefined {
    const path = this.#paths[this.#pathOf.at(number) - 1];
    const rank = this.#commitOf.at(number) - 1;
    return path === undefined ? undefined : { commit: this.shortId(this.#order[rank] ?? 0), rank, path };
  }

  /** Plus one; 0 when there are too many. */
  #numberOf(path: string): number {
    const known = this.#pathNumbers.get(path);
    if (known !== undefined) return known;
    if (this.#paths.length === MAX_PATHS) return 0;
    const number = this.#paths.push(path);
    this.#pathNumbers.set(path, number);
    return number;
  }
}
