/** The properties of a Windows executable: names of any length, the same bytes each time. */
import { expect, test } from '@jest/globals';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import {
  authenticodeSignature,
  describeExecutable,
  withoutSignature,
} from '../../../build/release/portable-executable.ts';
import manifest from '../../../package.json' with { type: 'json' };

const empty = Buffer.from(NtExecutable.createEmpty(false, false).generate());
const names = {
  name: 'a-task',
  title: 'A task',
  description: 'What the task is for',
  publisher: 'The publisher',
};

/** What Windows would show. */
function propertiesOf(executable: Buffer): Resource.VersionInfo[] {
  return Resource.VersionInfo.fromEntries(NtExecutableResource.from(NtExecutable.from(executable)).entries);
}

test.each([
  ['short', names],
  [
    'long',
    {
      name: 'a-long-name-'.repeat(100),
      title: 'Überlanger Titel 探索 '.repeat(300),
      description: 'It does this and that. '.repeat(200),
      publisher: 'Publisher '.repeat(100),
    },
  ],
])('%s names are in the properties, and replace what was there', (_, given) => {
  const described = describeExecutable(describeExecutable(empty, { ...names, title: 'Before' }), given);
  const [properties, ...others] = propertiesOf(described);
  expect(others).toEqual([]);
  const [language] = properties?.getAllLanguagesForStringValues() ?? [];
  expect(properties?.getAvailableLanguages()).toEqual([language]);
  expect(language && properties?.getStringValues(language)).toEqual({
    CompanyName: given.publisher,
    FileDescription: given.description,
    FileVersion: manifest.version,
    InternalName: given.name,
    LegalCopyright: manifest.license,
    OriginalFilename: `${given.name}.exe`,
    ProductName: given.title,
    ProductVersion: manifest.version,
  });
  const [major = 0, minor = 0, patch = 0] = manifest.version.split('.').map(Number);
  expect(properties?.fixedInfo).toMatchObject({
    fileVersionMS: major * 0x10000 + minor,
    fileVersionLS: patch * 0x10000,
  });
});

test('names that do not fit a version resource are refused', () => {
  expect(() => describeExecutable(empty, { ...names, title: 'x'.repeat(40_000) })).toThrow(
    "the task's names are longer than the properties of a Windows executable can be",
  );
});

test('a signature is read and removed, and nothing else changes', () => {
  const described = describeExecutable(empty, names);
  expect(withoutSignature(described).equals(described)).toBe(true);
  expect(authenticodeSignature(described)).toBeUndefined();

  const message = Buffer.from('any bytes');
  const certificate = Buffer.alloc(8 + message.length);
  certificate.writeUInt32LE(certificate.length, 0);
  message.copy(certificate, 8);
  const signed = Buffer.concat([described, certificate]);
  const { dosHeader, newHeader } = NtExecutable.from(described);
  // The fifth directory of the optional header.
  const directory = dosHeader.newHeaderAddress + newHeader.getDataDirectoryOffset() + 8 * 4;
  signed.writeUInt32LE(described.length, directory);
  signed.writeUInt32LE(certificate.length, directory + 4);
  expect(authenticodeSignature(signed)?.equals(message)).toBe(true);
  expect(withoutSignature(signed).equals(described)).toBe(true);
});
