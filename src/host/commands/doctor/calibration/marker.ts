/** Markers: records whose text shows in the agent's log which attempt they belong to. */
import { logPayload } from '../../../delivery/log-payload.ts';
import type { Level } from '../../../log/index.ts';
import type { Examination } from '../steps/examination.ts';
import { recordOf } from '../steps/records.ts';
import type { FieldNames, LevelValues } from './candidates.ts';

/** How a record is written. */
export interface Form {
  readonly names: FieldNames;
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
    const record = recordOf(
      this.#examination,
      { id: 'doctor.marker', level, text: 'Marker of doctor --calibrate' },
      { marker: text },
    );
    const context = { ...(job.id !== undefined && { job: job.id }), host: platform.hostname };
    const names = { ...config.payload.names, ...form.names };
    return logPayload(record, { ...config.payload, names, levels: form.levels, source: task.name, context });
  }
}
