/** Scans the selected sources that are not files, each with its own module, which is loaded only then. */
import type { Platform } from '../../host/platform/index.ts';
import type { PlaceSource } from '../model/source-place.ts';
import type { SourceName } from './selection.ts';
import type { SourceContext } from './things/source.ts';

type ScanSource = (platform: Platform, context: SourceContext) => Promise<void>;

const scans: Readonly<Record<PlaceSource, () => Promise<ScanSource>>> = {
  processes: async () => (await import('./processes/scan-processes.ts')).scanProcesses,
  registry: async () => (await import('./registry/scan-registry.ts')).scanRegistry,
};

export interface SourcesScan extends Omit<SourceContext, 'known'> {
  readonly platform: Platform;
  readonly names: readonly SourceName[];
  /** The places of a source where something is known. */
  readonly knownIn: (source: PlaceSource) => SourceContext['known'];
}

export async function scanSources({ platform, names, knownIn, ...context }: SourcesScan): Promise<void> {
  for (const name of names) {
    if (!isPlaceSource(name)) continue;
    const scan = await scans[name]();
    await scan(platform, { ...context, known: knownIn(name) });
  }
}

/** True for a source whose places are not files. */
export function isPlaceSource(name: string): name is PlaceSource {
  return Object.hasOwn(scans, name);
}
