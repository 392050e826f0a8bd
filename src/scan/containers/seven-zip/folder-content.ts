/** Decodes a folder of a 7z archive: one coder after the other, each of which has one input and one output. */
import {
  type ByteSource,
  type ContainerBytes,
  ContainerError,
  type ContainerGap,
  type ReaderLimits,
} from '../container.ts';
import { ByteReader } from '../byte-reader.ts';
import { unbzip2 } from '../decoders/bzip2.ts';
import { undelta, unfilterX86 } from '../decoders/filters.ts';
import { lzmaProperties } from '../decoders/lzma.ts';
import { lzma, lzma2, lzma2Dictionary } from '../decoders/lzma2.ts';
import { unlz4 } from '../decoders/lz4.ts';
import { inflateRaw, unzstd } from '../decoders/node-zlib.ts';
import { slice } from '../slices.ts';
import type { Coder, Folder } from './header.ts';

interface Step {
  readonly coder: Coder;
  /** Size of the output. */
  readonly size: number;
}

type Decode = (source: ByteSource, step: Step, limits: ReaderLimits) => ByteSource;

const decoders: Readonly<Record<string, Decode>> = {
  '00': (source) => source,
  '03': (source, { coder }) => undelta(source, (coder.properties[0] ?? 0) + 1),
  '04': unfilterX86,
  '21': (source, { coder }, limits) =>
    withReader(source, limits, (reader) =>
      lzma2(reader, lzma2Dictionary(coder.properties[0] ?? 255), limits),
    ),
  '030101': (source, step, limits) => withReader(source, limits, (reader) => lzmaStep(reader, step, limits)),
  '03030103': unfilterX86,
  '040108': (source, _, limits) => withReader(source, limits, (reader) => inflateRaw(reader, limits)),
  '040202': (source, _, limits) => withReader(source, limits, (reader) => unbzip2(reader, limits)),
  '04f71101': (source, _, limits) => withReader(source, limits, (reader) => unzstd(reader, limits)),
  '04f71104': (source, _, limits) => withReader(source, limits, (reader) => unlz4(reader, limits)),
};
const AES = '06f10701';

/** @param start of the folder's packed bytes, which are `size` long */
export function folderContent(
  content: ContainerBytes,
  folder: Folder,
  { start, size }: { start: number; size: number },
  limits: ReaderLimits,
): ByteSource | ContainerGap {
  if (folder.coders.some(({ id }) => id === AES)) return 'encrypted';
  const steps = stepsOf(folder);
  if (steps === undefined) return 'unsupported';
  let source: ByteSource = slice(content, start, size, limits);
  for (const step of steps) {
    const decode = decoders[step.coder.id];
    if (decode === undefined) return 'unsupported';
    source = decode(source, step, limits);
  }
  return source;
}

/** The coders in the order in which they decode; undefined unless they are a chain. */
function stepsOf({ coders, pairs, packed, sizes }: Folder): Step[] | undefined {
  if (coders.some(({ inputs, outputs }) => inputs !== 1 || outputs !== 1)) return undefined;
  const steps: Step[] = [];
  for (let at = packed[0]; at !== undefined && steps.length < coders.length;) {
    const coder = coders[at];
    if (coder === undefined) return undefined;
    steps.push({ coder, size: sizes[at] ?? 0 });
    const output = at;
    at = pairs.find((pair) => pair.output === output)?.input;
  }
  return steps.length === coders.length ? steps : undefined;
}

async function* withReader(
  source: ByteSource,
  limits: ReaderLimits,
  decode: (reader: ByteReader) => ByteSource,
): ByteSource {
  const reader = new ByteReader(source, limits);
  try {
    yield* decode(reader);
  } finally {
    await reader.close();
  }
}

async function* lzmaStep(reader: ByteReader, { coder, size }: Step, limits: ReaderLimits): ByteSource {
  const { properties } = coder;
  if (properties.length < 5) throw new ContainerError('damaged', 'properties of LZMA');
  const dictionary = properties.readUInt32LE(1);
  yield* lzma(reader, { properties: lzmaProperties(properties.readUInt8(0)), dictionary, size }, limits);
}
