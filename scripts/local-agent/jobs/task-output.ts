/** A task's standard output and standard error: kept up to a limit for the record of the run, and passed on line by line as they come. */
import { StringDecoder } from 'node:string_decoder';

/** Bytes of each output that are kept; the rest is read and forgotten. The real limit is not documented. */
export const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Characters of a line that are passed on. */
const LINE_LIMIT = 4096;

export type OutputName = 'standard output' | 'standard error';

/** One line that a task has written. */
export interface TaskOutput {
  readonly jobId: string;
  readonly taskId: string;
  readonly name: OutputName;
  readonly line: string;
}

export interface CapturedOutput {
  /** What was kept, as UTF-8. */
  text(): string;
  /** True if there was more than the limit. */
  isCut(): boolean;
}

/** Captures a stream. `onLine` is called with each complete line, and at the end with the rest. */
export function captureOutput(
  stream: NodeJS.ReadableStream,
  onLine?: (line: string) => void,
): CapturedOutput {
  const chunks: Buffer[] = [];
  let size = 0;
  const lines = onLine === undefined ? undefined : lineSplitter(onLine);
  stream.on('data', (chunk: Buffer) => {
    if (size < OUTPUT_LIMIT) chunks.push(chunk.subarray(0, OUTPUT_LIMIT - size));
    size += chunk.length;
    lines?.add(chunk);
  });
  stream.on('error', () => {});
  stream.on('close', () => lines?.end());
  return { text: () => Buffer.concat(chunks).toString('utf8'), isCut: () => size > OUTPUT_LIMIT };
}

/** Splits bytes into lines. Of a longer line, only the first `LINE_LIMIT` characters are kept. */
function lineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const add = (text: string) => {
    const [first = '', ...others] = text.split('\n');
    pending = (pending + first).slice(0, LINE_LIMIT);
    for (const next of others) {
      onLine(pending.replace(/\r$/, ''));
      pending = next.slice(0, LINE_LIMIT);
    }
  };
  return {
    add: (bytes: Buffer) => add(decoder.write(bytes)),
    end: () => {
      add(decoder.end());
      if (pending !== '') onLine(pending);
      pending = '';
    },
  };
}
