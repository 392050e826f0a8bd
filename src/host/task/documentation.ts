/** What the generated pages of the documentation say about a task: causes and remedies, sample queries, pages of its own. */

/** For an event or an exit code. */
export interface Advice {
  /** Why it happens: sentences. */
  readonly cause: string;
  /** What to do about it: sentences. Absent if there is nothing to do. */
  readonly remedy?: string;
}

/** A question to the records of all machines, which the documentation shows in the languages of several log systems. */
export interface Question {
  /** `Runs that failed`. */
  readonly title: string;
  /** Something to know about the answer: sentences. */
  readonly note?: string;
  /** Ids of the events that have the answer. */
  readonly events: readonly string[];
  /** How far back to look. */
  readonly days: number;
  /** Only records in which these fields have one of the values, or with `not`, another value than this one. */
  readonly where?: readonly Condition[];
  readonly show: Shown;
}

/** A field is the name of one of a record's own fields, or `data.` and the name of one of the event's. */
export type Condition =
  | { readonly field: string; readonly in: readonly (string | number)[] }
  | { readonly field: string; readonly not: string | number };

export type Shown =
  /** The records, the newest first. */
  | { readonly kind: 'list'; readonly fields: readonly string[] }
  /** How many records there are for each combination of the fields, the most frequent first. */
  | { readonly kind: 'count'; readonly by: readonly string[] }
  /** What occurs on several machines. */
  | { readonly kind: 'machines'; readonly by: readonly string[] }
  /** The machines that have not sent such a record for some time. */
  | { readonly kind: 'silent'; readonly days: number };

export interface TaskDocumentation {
  /** By the id of the event. */
  readonly events: Readonly<Record<string, Advice>>;
  /** By the name of the exit. */
  readonly exits: Readonly<Record<string, Advice>>;
  readonly questions?: readonly Question[];
  /** Texts for the comments `<!-- generated: NAME -->` in pages of the task. */
  readonly blocks?: () => Promise<Readonly<Record<string, string>>>;
  /** Folders in which every page is generated: the pages by their name. */
  readonly folders?: () => Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}
