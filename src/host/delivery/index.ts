export { Publisher, type Delivery, PublicationDenied, type Transport, deliveryEvents } from './publisher.ts';
export { type AcknowledgingWriter, jsonLines } from './json-lines.ts';
export { MAX_PAYLOAD_BYTES, type PayloadOptions } from './log-payload.ts';
export { Spool, spoolSchema } from './spool.ts';
