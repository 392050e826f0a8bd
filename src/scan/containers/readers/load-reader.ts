/**
 * The readers of the formats, each loaded when it is first needed. In the executable this is a separate source text, which each thread
 * compiles for its first container: the bundler substitutes `load-reader-on-demand.ts` for it.
 */
import type { ContainerReader } from '../container.ts';
import type { ReaderName } from '../formats.ts';

const readers: Readonly<Record<ReaderName, () => Promise<ContainerReader>>> = {
  ar: async () => (await import('./ar.ts')).ar,
  binaryPlist: async () => (await import('./binary-plist.ts')).binaryPlist,
  brotli: async () => (await import('./brotli.ts')).brotli,
  bzip2: async () => (await import('./bzip2.ts')).bzip2,
  compoundFile: async () => (await import('./compound-file.ts')).compoundFileReader,
  cpio: async () => (await import('./cpio.ts')).cpio,
  gzip: async () => (await import('./gzip.ts')).gzip,
  lz4: async () => (await import('./lz4.ts')).lz4,
  lzip: async () => (await import('./lzip.ts')).lzip,
  lzma: async () => (await import('./lzma.ts')).lzma,
  mail: async () => (await import('./mail.ts')).mailReader,
  pdf: async () => (await import('./pdf.ts')).pdfReader,
  rpm: async () => (await import('./rpm.ts')).rpm,
  sevenZip: async () => (await import('./seven-zip.ts')).sevenZip,
  sqlite: async () => (await import('./sqlite.ts')).sqliteReader,
  sqliteJournal: async () => (await import('./sqlite-journal.ts')).sqliteJournalReader,
  tar: async () => (await import('./tar.ts')).tar,
  xz: async () => (await import('./xz.ts')).xz,
  zip: async () => (await import('./zip.ts')).zip,
  zstandard: async () => (await import('./zstandard.ts')).zstandard,
};

export async function loadReader(name: ReaderName): Promise<ContainerReader> {
  return await readers[name]();
}
