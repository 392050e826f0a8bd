export { type Announce, type Log, Logger, type Sink, redactFields } from './logger.ts';
export { printable, printableLines } from './printable.ts';
export { type Fields, type Level, type LogEvent, type LogRecord, atLeast, levels } from './record.ts';
export { REDACTED, redactor } from './redactor.ts';
export { type AcknowledgingWriter, type LineWriter, terminalSink } from './terminal-sink.ts';
export { type TextStyle, textStyle } from './text-style.ts';
export { typed } from './typed.ts';
