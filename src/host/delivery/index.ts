export { Publisher, PublicationDenied, type Transport, deliveryEvents } from './publisher.ts';
export { jsonLines } from './standard-output.ts';
export { Spool, spoolSchema } from './spool.ts';
