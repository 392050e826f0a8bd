/** Scans the variables and command lines of one program. */
import { type Growing, join } from '../../findings/equal-secrets.ts';
import type { FileFindings } from '../../findings/findings-by-file.ts';
import { identityOf } from '../../findings/standing.ts';
import { addSeverityCounts } from '../../model/severity-counts.ts';
import { sourcePlace } from '../../model/source-place.ts';
import { scanEntries } from '../things/scan-entries.ts';
import type { SourceContext } from '../things/source.ts';
import type { Proc } from './proc.ts';
import type { ProgramEntry } from './process-table.ts';

/** For rules, which judge a value by the path of its file: where a program is installed says nothing about its environment. */
const ANY_PROGRAM = sourcePlace('processes', '');
const COMMAND_LINE = 'command-line';
const ENVIRONMENT = 'environment';
/** Characters of a variable's name that are part of a place. */
const MAX_NAME_CHARS = 200;

/**
 * The processes of each owner are a text of their own: what one user puts into an environment affects only the search of that user's.
 * @param isWhole false if the program has more than these entries: then what is not found may still be there
 * @returns false if it was not scanned to its end
 */
export async function scanProgram(
  program: string,
  entries: readonly ProgramEntry[],
  isWhole: boolean,
  proc: Proc,
  context: SourceContext,
): Promise<boolean> {
  const found = new Map<string, FileFindings>();
  const onFound = (one: FileFindings) => {
    const before = found.get(one.path);
    found.set(one.path, before === undefined ? one : together(before, one));
  };
  let isScanned = true;
  for (const own of Map.groupBy(entries, ({ owner }) => owner).values()) {
    if (!(await scanOwned(program, own, proc, { ...context, onFound }))) isScanned = false;
  }
  for (const one of found.values()) {
    context.onFound(isWhole && isScanned ? one : { ...one, file: undefined });
  }
  return isScanned;
}

/** What two owners' processes have at the same place. */
function together(one: FileFindings, other: FileFindings): FileFindings {
  const secrets = new Map<string, Growing>();
  for (const detection of [...one.detections, ...other.detections]) {
    const known = secrets.get(identityOf(detection));
    if (known === undefined) secrets.set(identityOf(detection), { ...detection });
    else join(known, detection);
  }
  const more = { ...one.more };
  addSeverityCounts(more, other.more);
  const suppressed = { ...one.suppressed };
  for (const [reason, count] of Object.entries(other.suppressed)) {
    suppressed[reason] = (suppressed[reason] ?? 0) + count;
  }
  const allowed = one.allowed + other.allowed;
  return { ...one, detections: [...secrets.values()], more, suppressed, allowed };
}

function scanOwned(
  program: string,
  entries: readonly ProgramEntry[],
  proc: Proc,
  context: SourceContext,
): Promise<boolean> {
  return scanEntries(
    {
      place: sourcePlace('processes', program),
      path: ANY_PROGRAM,
      isWhole: true,
      entries: entries.map((entry) => ({
        ...entry,
        place: sourcePlace('processes', program, innerOf(entry)),
      })),
      describe: ({ pid, uid, owner }) => {
        const service = proc.service(pid);
        return {
          owner,
          exposure: [`owner ${uid}`, ...(service === undefined ? [] : [`service ${service}`])],
        };
      },
    },
    context,
  );
}

/** Where an entry is in its program. */
function innerOf({ kind, text }: ProgramEntry): string {
  if (kind === 'command line') return COMMAND_LINE;
  const name = Buffer.from(text.slice(0, Math.max(0, text.indexOf('='))), 'latin1').toString('utf8');
  return name === '' ? ENVIRONMENT : `${ENVIRONMENT}/${name.slice(0, MAX_NAME_CHARS)}`;
}
