/** Parts of a task's help: examples, and topics of the command `help`. */

/** An example of a call. */
export interface Example {
  /** What follows the executable's name: `--dry-run ~/src`. */
  readonly arguments: string;
  /** What it does, without a full stop. */
  readonly meaning: string;
}

/** A page of `help TOPIC`. */
export interface HelpTopic {
  /** One line, without a full stop. */
  readonly title: string;
  /** Paragraphs of plain text, each on one line. Lines that begin with two spaces are shown as they are. */
  readonly text: () => string | Promise<string>;
}
