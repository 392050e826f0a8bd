/** One scan without a host around it: real files, no state unless a test gives one. */
import { hostPlatform, inputReader } from '../../src/host/platform/index.ts';
import { TaskError } from '../../src/host/exit/task-error.ts';
import { ScanOptions } from '../../src/scan/options.ts';
import type { ScanOutcome } from '../../src/scan/model/finding.ts';
import type { ScanContext } from '../../src/scan/preparation.ts';
import { scan } from '../../src/scan/scan.ts';

/** @param options as a configuration file would have them */
export function scanOnce(
  options: Readonly<Record<string, unknown>>,
  context: Partial<Omit<ScanContext, 'options'>> = {},
): Promise<ScanOutcome> {
  const { log = () => undefined } = context;
  return scan({
    platform: hostPlatform({}),
    log,
    announce: (event, fields) => {
      log(event, fields);
      return true;
    },
    progress: () => undefined,
    signal: new AbortController().signal,
    readInput: inputReader({ elevated: false, allowUntrusted: false }),
    wrongValue: (key, problem) => new TaskError('config', `${key}: ${problem}`),
    state: undefined,
    stateDirectory: () => Promise.reject(new TaskError('cannot-write', 'this test has no state directory')),
    retell: false,
    version: '0',
    ...context,
    options: ScanOptions.parse(options),
  });
}
