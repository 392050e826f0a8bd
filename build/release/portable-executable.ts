/** The properties, the checksum and the location of the signature of a Windows executable. Signs nothing. */
import { isDeepStrictEqual } from 'node:util';
import { Format, NtExecutable, NtExecutableResource, Resource } from 'resedit';
import manifest from '../../package.json' with { type: 'json' };
import type { TaskBuild } from '../../src/host/task/task-build.ts';

/** American English, Unicode. */
const language = { lang: 1033, codepage: 1200 };

const RT_VERSION = 16;

/** The task's names that people see in the executable's properties. */
export type Names = Pick<TaskBuild, 'name' | 'title' | 'description' | 'publisher'>;

/**
 * Puts these names and the project's version in the properties of a stock Node. Removes Node's signature, which
 * this invalidates.
 * @throws Error when the names are too long
 */
export function describeExecutable(node: Buffer, names: Names): Buffer {
  const executable = NtExecutable.from(node, { ignoreCert: true });
  const resources = NtExecutableResource.from(executable);
  resources.entries = resources.entries.filter(({ type }) => type !== RT_VERSION);
  addVersion(names, resources);
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}

/** The same executable without a signature, and with the right checksum. */
export function withoutSignature(executable: Buffer): Buffer {
  return Buffer.from(NtExecutable.from(executable, { ignoreCert: true }).generate());
}

/** The PKCS #7 message of an Authenticode signature, if there is one. */
export function authenticodeSignature(executable: Buffer): Buffer | undefined {
  const { newHeader } = NtExecutable.from(executable, { ignoreCert: true });
  // Unlike the others, this directory has an offset in the file, not an address.
  const { virtualAddress: start, size } = newHeader.optionalHeaderDataDirectory.get(
    Format.ImageDirectoryEntry.Certificate,
  );
  if (size === 0) return undefined;
  // WIN_CERTIFICATE: length, revision and type, then the message.
  return executable.subarray(start + 8, start + executable.readUInt32LE(start));
}

function addVersion({ name, title, description, publisher }: Names, resources: NtExecutableResource): void {
  const values = {
    CompanyName: publisher,
    FileDescription: description,
    FileVersion: manifest.version,
    InternalName: name,
    LegalCopyright: manifest.license,
    OriginalFilename: `${name}.exe`,
    ProductName: title,
    ProductVersion: manifest.version,
  };
  const version = Resource.VersionInfo.create({
    lang: language.lang,
    fixedInfo: {
      fileFlagsMask: 0x3f,
      fileOS: Resource.VersionFileOS.NT_Windows32,
      fileType: Resource.VersionFileType.App,
    },
    strings: [{ ...language, values: {} }],
  });
  const [release = ''] = manifest.version.split('-');
  version.setFileVersion(release);
  version.setProductVersion(release);
  version.setStringValues(language, values);
  version.outputToResourceEntries(resources.entries);
  // The format has 16 bits for its length, and the library omits what does not fit.
  const [written] = Resource.VersionInfo.fromEntries(resources.entries);
  if (!isDeepStrictEqual(written?.getStringValues(language), values)) {
    throw new Error(
      "the task's names are longer than the properties of a Windows executable can be (64 KiB)",
    );
  }
}
