/** One text, scanned on its own: what files, streams, entries of containers and contents of git have in common. */
import type { Detection } from '../detect/candidate.ts';
import { type OpenBinary, binaryOpener, createDetector } from '../detect/create-detector.ts';
import { TextDetection } from '../detect/detection.ts';
import type { Detector } from '../detect/detector.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { ByteStream } from './byte-stream.ts';
import { type ChunkSource, type EarlyEnd, examineInChunks } from './chunks.ts';
import type { Scheduler } from './scheduler.ts';
import type { TextSource } from './text-source.ts';
import { type TextBudget, budgetFor } from './work-budget.ts';

/** A longer text, in bytes, is scanned on its own, in steps between which signals are noticed. */
export const MAX_BATCHED_BYTES = 128 * 1024;

export interface TextTools {
  readonly detector: Detector;
  /** Opens the next binary. Without it, binaries are skipped. */
  readonly openBinary: OpenBinary | undefined;
  readonly scheduler: Scheduler;
  /** Limits the work on each text. */
  readonly budget: TextBudget;
}

/** What is looked for, and with which key. */
export interface DetectionSettings {
  /** The key of the fingerprints. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Look for text in binaries too. */
  readonly binaries: boolean;
  readonly customRules: CustomRules | undefined;
  /** Ids of rules that find nothing. */
  readonly disabledRules: ReadonlySet<string>;
}

export function textTools(
  { key, now, binaries, customRules, disabledRules: disabled }: DetectionSettings,
  scheduler: Scheduler,
): TextTools {
  const detector = createDetector(key, now, { customRules, disabled });
  const openBinary = binaries ? binaryOpener(detector) : undefined;
  return { detector, openBinary, scheduler, budget: budgetFor(customRules) };
}

export interface WholeText {
  /** For rules that depend on names. */
  readonly path: string;
  readonly source: TextSource;
  /** What the source reads from, if that must be waited for. */
  readonly stream?: ByteStream | undefined;
  readonly onDetection: (detection: Detection) => void;
}

/**
 * Scans a text, or the text in a binary, whose first `length` bytes are at the beginning of the memory.
 * @returns why it stopped before its end; undefined when it did not
 */
export function examineText(
  { detector, openBinary, scheduler, budget }: TextTools,
  { path, source, stream, onDetection }: WholeText,
  length: number,
): Promise<EarlyEnd | undefined> {
  budget.begin();
  const text =
    (source.kind === 'binary' ? openBinary?.(path, budget) : undefined) ??
    new TextDetection(detector, { path, budget });
  const chunks = stream === undefined ? source : awaited(source, stream);
  return examineInChunks({ detector, source: chunks, text, scheduler, budget, onDetection }, length);
}

function awaited(source: TextSource, stream: ByteStream): ChunkSource {
  return {
    prepare: () => stream.prepare(),
    fill: (target, offset) => source.fill(target, offset),
    get isAtEnd() {
      return source.isAtEnd;
    },
  };
}
