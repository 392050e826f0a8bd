/** The rows of the spool's table. */
import type { Outgoing } from './record-queue.ts';

/** A stored publication. */
export interface Row extends Outgoing {
  readonly number: number;
}

/** What the room's account needs to know of a removed row. */
export interface Removed {
  readonly owner: string | undefined;
  readonly length: number;
}

export function rowOf(row: Readonly<Record<string, unknown>>): Row {
  return {
    number: Number(row['number']),
    topic: String(row['topic']),
    payload: String(row['payload']),
    isRecord: row['is_record'] === 1,
    isImportant: row['important'] === 1,
    owner: ownerOf(row['owner']),
  };
}

export function ownerOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
