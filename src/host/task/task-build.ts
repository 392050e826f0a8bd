/**
 * What building, packing and releasing need to know about a task. A task's build file exports it as `taskBuild`, together with
 * `loadTask` and optionally `defines`. `build/` and `scripts/` know nothing else about a task.
 */
import type { TextStyle } from '../log/index.ts';
import type { TaskDocumentation } from './documentation.ts';
import type { Task } from './task.ts';

/** A part of the executable besides its first script, in a bundle of its own. */
export interface ExecutablePart {
  /** The module that it is made from. */
  readonly entryPoint: string;
  /**
   * The module that replaces `entryPoint` everywhere else: it loads the part when it is first needed. With a stand-in, the part
   * becomes the expression of a function of `module`, `require` and `__dirname`; without one, a script for a thread.
   */
  readonly standIn?: string;
  /** A call of one of the part's exports, after which V8's code cache for the part is created. Only with `standIn`. */
  readonly warmUp?: string;
}

/** A text that the executable carries, such as the markup of a page. */
export interface ExecutableText {
  /** The module that makes it from sources. */
  readonly module: string;
  /** The module that replaces `module` in the executable, and reads the text with `executablePart`. */
  readonly standIn: string;
  /** Makes it, when the executable is built. The same sources give the same text. */
  readonly make: () => Promise<string>;
}

/** Paths are relative to the repository, and names of parts and assets are file names without an extension. */
export interface TaskBuild {
  /** kebab-case: the executable, its job, its folder below `Jobs/bin`. */
  readonly name: string;
  /** For people: `Disk space`. On Windows, its folder below `Program Files`. */
  readonly title: string;
  /** A few words, as the properties of the executable and package managers show them. */
  readonly description: string;
  /** Of the executable and the packages. */
  readonly publisher: string;
  /** The module that starts the host with the task. */
  readonly main: string;
  /** Folder of its job templates. The template with the task's name is the active job. */
  readonly jobTemplates: string;
  /** Further files for the archive, such as schemas: paths, which they keep below the folder of the executable. */
  readonly documents?: readonly string[];
  /** Its section of a version becomes the release notes of that version. */
  readonly changelog: string;
  /**
   * Arguments of a run that has next to nothing to do, with `{folder}` for an empty folder: a release measures how long it takes.
   * Without them, only `--version` and `--help` are measured.
   */
  readonly idleRun?: readonly string[];
  /** A module that exports `demonstrate`, of type `Demonstrate`. Without it, `npm start` passes its arguments to the task. */
  readonly demo?: string;
  /** By name: `worker` is carried as `worker.cjs`. */
  readonly parts: Readonly<Record<string, ExecutablePart>>;
  /** By file name: `page.html`. */
  readonly texts?: Readonly<Record<string, ExecutableText>>;
  /** Packages that the task adds to the executable, by part; those of the first script are `main`. */
  readonly packages?: Readonly<Record<string, readonly string[]>>;
}

/** What `npm start` runs the job with. */
export interface Demonstration {
  /** Appended to the arguments of the job. */
  readonly arguments: readonly string[];
  /** The text to show after the run. */
  readonly result?: (style: TextStyle) => Promise<string>;
}

/**
 * Prepares a demonstration.
 * @param folder a temporary folder
 * @param given the arguments of `npm start`
 * @throws Error that says what is wrong with the arguments
 */
export type Demonstrate = (folder: string, given: readonly string[]) => Promise<Demonstration>;

/** What a build file exports. */
export interface TaskBuildModule {
  readonly taskBuild: TaskBuild;
  readonly loadTask: () => Promise<Task>;
  /**
   * Constants that the bundler inserts, by identifier.
   * @param parts the texts of the parts that have a stand-in, by name
   */
  readonly defines?: (parts: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, unknown>>>;
  /** What the generated pages of the documentation say about the task. */
  readonly loadDocumentation?: () => Promise<TaskDocumentation>;
}
