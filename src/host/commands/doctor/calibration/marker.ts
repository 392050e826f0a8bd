/** Markers: records whose text shows in the agent's log which attempt they belong to. */
import { logPayload } from '../../../delivery/log-payload.ts';
import type { Level } from '../../../log/index.ts';
import type { Examination } from '../steps/examination.ts';
import { recordOf } from '../steps/records.ts';
import { type FieldNames, type LevelValues, fieldNames } from './candidates.ts';

/** How a record is written. */
export interface Form {
  /** `all`: with the main fields under each of their possible names. Proves a client id, but not a form. */
  readonly names: FieldNames | 'all';
  readonly levels: LevelValues;
}

/** One record that was published. */
export interface Marker {
  /** Its text in the log. */
  readonly text: string;
  readonly level: Level;
  readonly form: Form;
}

/** Numbers the markers of one calibration. */
export class Markers {
  readonly #examination: Examination;
  #count = 0;

  constructor(examination: Examination) {
    this.#examination = examination;
  }

  /** The beginning of every marker's text. */
  get prefix(): string {
    return `${this.#examination.marker}.`;
  }

  next(form: Form, level: Level): Marker {
    this.#count += 1;
    // Ends with a character, so that no text is the beginning of another one.
    return { text: `${this.prefix}${this.#count}.`, level, form };
  }

  /** The payload of a marker. */
  payloadOf({ text, level, form }: Marker): string {
    const { config, task, job, platform } = this.#examination;
    const { names, levels } = form;
    const event = { id: 'doctor.marker', level, text: 'Marker of doctor --calibrate' };
    const record = recordOf(this.#examination, event, { marker: text });
    const context = { ...(job.id !== undefined && { job: job.id }), host: platform.hostname };
    const write = (main: FieldNames) =>
      logPayload(record, {
        ...config.payload,
        names: { ...config.payload.names, ...main },
        levels,
        source: task.name,
        context,
      });
    if (names !== 'all') return write(names);
    const parts = fieldNames.map((each): object => JSON.parse(write(each)));
    return JSON.stringify(Object.assign({}, ...parts));
  }
}
