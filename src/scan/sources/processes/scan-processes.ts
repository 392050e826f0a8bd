/**
 * Finds secrets in the environments and command lines of running processes (Linux). This process and its children are left out. A finding
 * names the program and the variable, so that it is the same one when the program has been restarted.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { FileFindings } from '../../findings/findings-by-file.ts';
import { sourcePlace } from '../../model/source-place.ts';
import { reportGone } from '../things/known-places.ts';
import type { SourceContext } from '../things/source.ts';
import { Proc } from './proc.ts';
import { Reading } from './reading.ts';
import { scanProgram } from './scan-program.ts';

const SOURCE = 'processes';

export async function scanProcesses(platform: Platform, context: SourceContext): Promise<void> {
  const { coverage, isCancelled, isExcluded } = context;
  const proc = new Proc(platform);
  const reading = new Reading(platform, proc, context);
  await reading.readAll();
  const found = new Set<string>();
  const onFound = (one: FileFindings) => {
    found.add(one.path);
    context.onFound(one);
  };
  for (const [program, entries] of reading.table.programs()) {
    const place = sourcePlace(SOURCE, program);
    if (isCancelled()) coverage.gap(place, 'stopped-early');
    else if (isExcluded(place)) coverage.skip('excluded');
    else if (
      !(await scanProgram(program, entries, !reading.unread.has(program), proc, { ...context, onFound }))
    )
      reading.unread.add(program);
  }
  coverage.countSource(SOURCE, reading.table.size);
  reportGone(SOURCE, context, found, (program, owner) => {
    if (isCancelled() || reading.mayRunUnread(program)) return 'unknown';
    return reading.isRunning(program, owner) ? 'read' : 'absent';
  });
}
