/** The cost of scanning one text, in this process and with all rules: CPU seconds of this thread per megabyte. */
import { loadTools } from '../../src/scan/task-build.ts';
import type { HostileText } from './texts.ts';

const { binaryOpener, createDetector, TextDetection } = await loadTools();

const MEGABYTE = 1 << 20;
const detector = createDetector(Buffer.alloc(32, 1), Date.UTC(2026, 0, 1));
const openBinary = binaryOpener(detector);

export interface Cost {
  /** CPU seconds per megabyte. */
  readonly perMegabyte: number;
  readonly detections: number;
}

/** @param bytes length of the text */
export function hostileCost(
  { unit, path }: Pick<HostileText, 'unit' | 'path'>,
  bytes: number,
  isBinary = false,
): Cost {
  const content = Buffer.alloc(bytes, unit, 'latin1');
  const { memory } = detector.engine;
  const text = isBinary ? openBinary(path) : new TextDetection(detector, { path });
  let detections = 0;
  const began = process.threadCpuUsage();
  for (let offset = 0, kept = 0, isLast = false; !isLast;) {
    const read = content.copy(memory, kept, offset, offset + memory.length - kept);
    offset += read;
    isLast = offset === bytes;
    const end = kept + read;
    kept = text.next(end, isLast, () => (detections += 1));
    memory.copyWithin(0, end - kept, end);
  }
  const { user, system } = process.threadCpuUsage(began);
  return { perMegabyte: ((user + system) / 1e6) * (MEGABYTE / bytes), detections };
}
