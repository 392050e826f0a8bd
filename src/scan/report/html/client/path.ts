/** Paths and positions of findings. */
import { type Child, el } from './dom.ts';
import type { Place } from './model.ts';
import { number } from './words.ts';

/** A path whose folder may be cut off where it does not fit, and whose file name stays. */
export function pathOf(place: Place | undefined): Child[] {
  if (place === undefined) return [];
  const { path } = place.finding;
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return [
    el('span', { class: 'folder', title: path }, path.slice(0, end)),
    el('span', { class: 'file' }, path.slice(end), el('span', { class: 'position' }, positionOf(place))),
  ];
}

/** `:3:7`, or ` at byte 4,000`. */
export function positionOf({ finding: { line, column, byte } }: Place): string {
  if (byte !== undefined) return ` at byte ${number(byte)}`;
  if (line === undefined) return '';
  return column === undefined ? `:${line}` : `:${line}:${column}`;
}
