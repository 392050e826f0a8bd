export { Publisher, PublicationDenied, type Transport, deliveryEvents } from './publisher.ts';
export { type AcknowledgingWriter, jsonLines } from './json-lines.ts';
export { Spool, spoolSchema } from './spool.ts';
