/** A target's entry in `release.json`. */
import { basename } from 'node:path';
import { JobDocument } from '../../src/host/job/index.ts';
import { lockedPackage } from '../stock-node.ts';
import { type BuiltTarget, archiveName } from './build-targets.ts';
import { executablePathIn, jobPath } from './contents.ts';
import { type ReleasedTarget, describeFile } from './manifest.ts';
import { signatureOf } from './signature.ts';

/** @throws Error when the archive is incomplete */
export function describeTarget({ target, entries, archive, systemPackages }: BuiltTarget): ReleasedTarget {
  const file = (path: string) => {
    const content = entries.find((entry) => entry.path === path)?.content;
    if (content === undefined) throw new Error(`no ${path} in the archive of ${target.name}`);
    return { description: describeFile(path, content), content };
  };
  const [executable, job] = [file(executablePathIn(target)), file(jobPath)];
  const { id, osFilter } = JobDocument.parse(JSON.parse(job.content.toString()));
  if (osFilter === undefined || basename(jobPath, '.json') !== id)
    throw new Error(`${jobPath} is not a job document of this task`);
  return {
    target: target.name,
    osFilter,
    archive: describeFile(archiveName(target), archive),
    packages: systemPackages.map(({ kind, name, content }) => ({ kind, ...describeFile(name, content) })),
    executable: executable.description,
    job: { id, ...job.description },
    node: { package: target.nodePackage, ...lockedPackage(target.nodePackage) },
    signature: signatureOf(target, executable.content),
  };
}
