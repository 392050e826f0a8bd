/**
 * Unmodified files of packages: everyone who installed the package has what they contain, so it is no news. Looked up
 * only for files in which something was found.
 */
import type { FileStatus, Platform } from '../../../host/platform/index.ts';
import type { Detection } from '../../detect/candidate.ts';
import { cargoOrigin } from './cargo.ts';
import { condaOrigin } from './conda.ts';
import { dpkgOrigin } from './dpkg.ts';
import { goOrigin } from './go-module.ts';
import { homebrewOrigin } from './homebrew.ts';
import { mavenOrigin } from './maven.ts';
import { npmOrigin } from './npm.ts';
import { nugetOrigin } from './nuget.ts';
import { pnpmOrigin } from './pnpm.ts';
import { pythonOrigin } from './python.ts';
import { rpmOrigin } from './rpm.ts';
import { rubyOrigin } from './ruby.ts';
import { goSdkOrigin } from './sdk-go.ts';
import { pythonSdkOrigin } from './sdk-python.ts';
import { rustSdkOrigin } from './sdk-rust.ts';
import { yarnOrigin } from './yarn.ts';
import type { Origin } from './origin.ts';
import { PackageFiles, type ReadLimits } from './package-files.ts';

/** The systems' own packages last: they take longest. */
const makers: readonly ((platform: Platform, files: PackageFiles) => Origin)[] = [
  goOrigin,
  cargoOrigin,
  npmOrigin,
  pnpmOrigin,
  yarnOrigin,
  mavenOrigin,
  nugetOrigin,
  rubyOrigin,
  pythonOrigin,
  condaOrigin,
  homebrewOrigin,
  goSdkOrigin,
  rustSdkOrigin,
  pythonSdkOrigin,
  dpkgOrigin,
  rpmOrigin,
];

/**
 * The package of a file, if the file is unmodified.
 * @param changedAt its time of change (ctime) when it was scanned: a file that has changed since then is not looked up
 */
type OriginOf = (path: string, changedAt?: number) => string | undefined;

/** Finds the package of a file on this platform. Beyond the limits, files count as changed. */
export function originOn(platform: Platform, limits?: Partial<ReadLimits>): OriginOf {
  const { fs, path: paths } = platform;
  const files = new PackageFiles(platform, limits);
  const origins = makers.map((make) => make(platform, files));
  return (path, changedAt) => {
    try {
      const place = paths.join(fs.withoutLinks(paths.dirname(path)), paths.basename(path));
      const status = fs.status(place);
      files.begin({ path: place, status });
      const found = firstOf(origins, place, status);
      const isSame = (changedAt ?? status.ctimeMs) === fs.status(place).ctimeMs;
      return isSame ? found : undefined;
    } catch {
      return undefined;
    }
  };
}

function firstOf(origins: readonly Origin[], path: string, status: FileStatus): string | undefined {
  for (const origin of origins) {
    const found = origin(path, status);
    if (found !== undefined) return found;
  }
  return undefined;
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
