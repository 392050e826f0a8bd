/**
 * Which team is responsible for a machine or for the files of an owner: a table of the administrator's, as CSV with a
 * heading (`machine,owner,team`, in any order), or as JSON with an array of such objects. A cell that is empty or missing
 * stands for any value.
 */
import * as z from 'zod';
import { TaskError } from '../../../host/exit/task-error.ts';
import { parseJson } from '../../../host/platform/untrusted-json.ts';

export const MAX_TEAMS_BYTES = 16 * 1024 * 1024;

const Row = z.object({
  machine: z.string().default(''),
  owner: z.string().default(''),
  team: z.string().regex(/\S/),
});
type Row = z.output<typeof Row>;

/** Finds the team of a machine, or of an owner on it. */
export type TeamOf = (machine: string, owner?: string) => string | undefined;

/**
 * Reads a table of teams. The row with both machine and owner applies before the one with the owner, and that before the one
 * with the machine. Machines are compared regardless of case.
 * @param name of the file, for errors
 * @throws TaskError `config` that names the line or the entry
 */
export function readTeams(text: string, name: string): TeamOf {
  const rows = /^\s*\[/.test(text) ? fromJson(text, name) : fromCsv(text, name);
  const teams = new Map(rows.map(({ machine, owner, team }) => [keyOf(machine, owner), team.trim()]));
  return (machine, owner = '') =>
    teams.get(keyOf(machine, owner)) ?? teams.get(keyOf('', owner)) ?? teams.get(keyOf(machine, ''));
}

function keyOf(machine: string, owner: string): string {
  return `${machine.toLowerCase()}\n${owner}`;
}

function fromJson(text: string, name: string): Row[] {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw refusal(name, Error.isError(error) ? error.message : 'it is not JSON');
  }
  const rows = z.array(Row).safeParse(value);
  if (rows.success) return rows.data.filter(isUseful);
  const entry = rows.error.issues[0]?.path[0];
  throw refusal(name, `entry ${Number(entry) + 1} needs a "team", and may have a "machine" and an "owner"`);
}

function fromCsv(text: string, name: string): Row[] {
  const [heading = [], ...lines] = parseCsv(text.replace(/^\uFEFF/, ''));
  const columns = heading.map((title) => title.trim().toLowerCase());
  const [machine, owner, team] = ['machine', 'owner', 'team'].map((title) => columns.indexOf(title));
  if (team === -1 || (machine === -1 && owner === -1)) {
    throw refusal(
      name,
      'its first line must name the columns: machine,owner,team (machine or owner may be missing)',
    );
  }
  return lines.flatMap((cells, index) => {
    const cell = (column = -1) => (cells[column] ?? '').trim();
    if (cells.every((text) => text.trim() === '')) return [];
    const row = { machine: cell(machine), owner: cell(owner), team: cell(team) };
    if (row.team === '') throw refusal(name, `row ${index + 2} has no team`);
    return isUseful(row) ? [row] : [];
  });
}

/** A row for neither a machine nor an owner says nothing. */
function isUseful({ machine, owner }: Row): boolean {
  return machine !== '' || owner !== '';
}

function refusal(name: string, what: string): TaskError {
  return new TaskError('config', `--teams ${name}: ${what}`);
}

/** Rows and cells (RFC 4180). */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell in quotes, in which two quotes stand for one, or anything up to the next comma or line end; then what follows it.
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
