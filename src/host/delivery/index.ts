export { Publisher, PublicationDenied, type Transport, deliveryEvents } from './publisher.ts';
export { type AcknowledgingWriter, jsonLines } from './standard-output.ts';
export { Spool, spoolSchema } from './spool.ts';
