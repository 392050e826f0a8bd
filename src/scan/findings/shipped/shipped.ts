/**
 * Files that a package manager installed and nobody changed: everybody has what they contain, so it is no news. Looked up
 * only for files in which something was found.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { Detection } from '../../detect/candidate.ts';
import { dpkgOrigin } from './dpkg.ts';
import { goOrigin } from './go-module.ts';
import { PackageFiles, type ReadLimits } from './package-files.ts';
import { pythonOrigin } from './python.ts';

/** Finds the package of a file on this platform. Beyond the limits, files count as changed. */
export function originOn(platform: Platform, limits?: ReadLimits): (path: string) => string | undefined {
  const { fs, path: paths } = platform;
  const files = new PackageFiles(platform, limits);
  const origins = [goOrigin, pythonOrigin, dpkgOrigin].map((make) => make(platform, files));
  return (path) => {
    let place: string;
    try {
      place = paths.join(fs.withoutLinks(paths.dirname(path)), paths.basename(path));
    } catch {
      return undefined;
    }
    files.begin();
    for (const origin of origins) {
      const found = origin(place);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** What was found in a file of a package: of low severity, and the evidence says whose it is. */
export function asShipped(detections: readonly Detection[], origin: string): readonly Detection[] {
  const evidence = `shipped by ${origin}`;
  return detections.map((one) => ({
    ...one,
    severity: 'low',
    evidence: [...one.evidence, evidence],
    shippedBy: origin,
  }));
}
