export { AgentFacts, type ProbeFact } from './agent-facts.ts';
export { deliveryEvents } from './events.ts';
export { type Delivery, LOG_TOPIC, Publisher } from './publisher.ts';
export type { PublishedSample } from './published-sample.ts';
export { jsonLines } from './standard-output.ts';
export { Spool } from './spool.ts';
export { spoolSchema } from './spool-schema.ts';
export { type Acknowledgement, PublicationDenied, type Transport } from './transport.ts';
export { type ProbeAnswer, type Verdict, factIn, verdictOf } from './verdict.ts';
