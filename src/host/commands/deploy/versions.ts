/**
 * The installed version and the one before it. The executable is replaced in one step, so that no start sees half of it and a running one
 * is not affected. `previous/` beside it contains the version that was installed before, with its job document; `previous.new/` exists
 * only while a version is being installed.
 */
import { isDeepStrictEqual } from 'node:util';
import { TaskError } from '../../exit/task-error.ts';
import type { OpenFolder } from '../../platform/index.ts';
import { parseJson } from '../../platform/untrusted-json.ts';
import { MAX_DOCUMENT_BYTES, MAX_EXECUTABLE_BYTES, type Places } from './places.ts';
import type { Version } from './release.ts';
import {
  exists,
  openBelow,
  readFrom,
  remove,
  removeSetAside,
  rename,
  writeInto,
  writeNew,
} from './safe-folder.ts';

const PREVIOUS = 'previous';
const UNFINISHED = 'previous.new';

export interface VersionsOptions {
  /** The checked root. */
  readonly root: string;
  readonly places: Places;
  readonly elevated: boolean;
  readonly create: boolean;
}

/** The folders of a program, held open. Must be closed. */
export class Versions {
  readonly bin: OpenFolder;
  readonly jobs: OpenFolder;
  readonly #options: VersionsOptions;

  private constructor(options: VersionsOptions, jobs: OpenFolder, bin: OpenFolder) {
    this.#options = options;
    this.jobs = jobs;
    this.bin = bin;
  }

  /** Undefined if the program's folder does not exist and is not to be created. @throws TaskError `cannot-write` */
  static open(options: VersionsOptions): Versions | undefined {
    const { root, places } = options;
    const jobs = openBelow(root, ['Jobs'], { ...options, create: false });
    if (jobs === undefined) return undefined;
    try {
      const bin = openBelow(root, places.bin, options);
      if (bin !== undefined) return new Versions(options, jobs, bin);
    } catch (error) {
      jobs.close();
      throw error;
    }
    jobs.close();
    return undefined;
  }

  close(): void {
    this.bin.close();
    this.jobs.close();
  }

  /** What is installed; each part is undefined if it is missing. */
  installed(): Partial<Version> {
    return {
      ...executableIn(this.bin, this.#options),
      ...documentIn(this.jobs, this.#options),
    };
  }

  /** The version to go back to. @throws TaskError `config` when there is none */
  previous(): Version {
    this.#finishInstallation();
    const { executable, document } = this.#read(PREVIOUS);
    if (executable === undefined || document === undefined) {
      throw new TaskError('config', `there is no previous version in ${this.bin.path}; deploy an archive`);
    }
    return { executable, document };
  }

  /** Keeps a copy of what is installed until `keep` or `undo`. */
  begin(): Installing {
    this.#finishInstallation();
    removeSetAside(this.bin);
    const before = this.installed();
    const { places } = this.#options;
    if (before.executable !== undefined) {
      const folder = this.#folder(UNFINISHED, true);
      try {
        if (before.document !== undefined) writeInto(folder, places.document, before.document, 0o644);
        // The last one: with it, the copy is complete.
        writeInto(folder, places.executable, before.executable, 0o755);
      } finally {
        folder.close();
      }
    }
    return {
      keep: () => this.#finishInstallation(),
      undo: () => this.#restore(before),
    };
  }

  /** Writes the executable under another name, to try whether it starts. @returns that name */
  writeCandidate(executable: Buffer): string {
    const name = this.#options.places.executable.replace(/(?:\.exe)?$/, (extension) => `.new${extension}`);
    writeNew(this.bin, name, executable, 0o755);
    return name;
  }

  /** Puts the candidate in the place of the executable. */
  replaceExecutable(candidate: string): void {
    rename(this.bin, candidate, this.#options.places.executable);
  }

  replaceDocument(text: string): void {
    writeInto(this.jobs, this.#options.places.document, text, 0o644);
  }

  /**
   * Makes the copy of an installation that was completed the previous version, and removes any other copy. An installation may have been
   * killed between its steps.
   */
  #finishInstallation(): void {
    if (!exists(this.bin, UNFINISHED)) return;
    const copy = this.#read(UNFINISHED);
    const isReplaced = copy.executable !== undefined && !isSameVersion(copy, this.installed());
    if (!isReplaced) {
      remove(this.bin, UNFINISHED);
      return;
    }
    remove(this.bin, PREVIOUS);
    rename(this.bin, UNFINISHED, PREVIOUS);
  }

  #restore({ executable, document }: Partial<Version>): void {
    const { places } = this.#options;
    const now = this.installed();
    if (executable === undefined) remove(this.bin, places.executable);
    else if (now.executable?.equals(executable) !== true) {
      writeInto(this.bin, places.executable, executable, 0o755);
    }
    if (document === undefined) remove(this.jobs, places.document);
    else if (now.document !== document) this.replaceDocument(document);
    remove(this.bin, UNFINISHED);
  }

  #read(name: string): Partial<Version> {
    if (!exists(this.bin, name)) return {};
    const folder = this.#folder(name, false);
    try {
      return { ...executableIn(folder, this.#options), ...documentIn(folder, this.#options) };
    } finally {
      folder.close();
    }
  }

  #folder(name: string, create: boolean): OpenFolder {
    const { root, places, elevated } = this.#options;
    const folder = openBelow(root, [...places.bin, name], { elevated, create });
    if (folder === undefined) throw new TaskError('cannot-write', `${this.bin.path} has changed; try again`);
    return folder;
  }
}

/** A version whose job the agent has not accepted yet. */
export interface Installing {
  /** Keeps the replaced version as the previous one; if nothing was replaced, the previous one stays. */
  keep(): void;
  /** Restores the replaced version. */
  undo(): void;
}

/** True if both have the same executable, and documents with the same content: the agent may have formatted one of them. */
export function isSameVersion(one: Partial<Version>, other: Partial<Version>): boolean {
  if (one.executable === undefined || other.executable === undefined) return false;
  return one.executable.equals(other.executable) && isSameDocument(one.document, other.document);
}

function isSameDocument(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  try {
    return isDeepStrictEqual(parseJson(one), parseJson(other));
  } catch {
    return one === other;
  }
}

function executableIn(
  folder: OpenFolder,
  { places, elevated }: VersionsOptions,
): Pick<Partial<Version>, 'executable'> {
  const content = readFrom(folder, places.executable, { maxBytes: MAX_EXECUTABLE_BYTES, elevated });
  return content === undefined ? {} : { executable: content };
}

function documentIn(
  folder: OpenFolder,
  { places, elevated }: VersionsOptions,
): Pick<Partial<Version>, 'document'> {
  const content = readFrom(folder, places.document, { maxBytes: MAX_DOCUMENT_BYTES, elevated });
  return content === undefined ? {} : { document: content.toString('utf8') };
}
