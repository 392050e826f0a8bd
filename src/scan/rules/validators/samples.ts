/**
 * Samples from documentation, stored as hashes so that this file contains no token. A sample is reported at the
 * lowest severity: it grants no access, but a file that contains one may contain a real one next.
 */
import { hash } from 'node:crypto';

/** The first 16 hexadecimal digits of the SHA-256 of each, and where it is printed. */
const samples: ReadonlySet<string> = new Set([
  'd0720d8487947228', // OpenSSL, the integrity key of its FIPS module
  '6c96130f130ab0d6', // RFC 6749, section 5.1
  '00cf4c781dc37003', // RFC 6749, section 5.1
  '1a5d44a2dca19669', // AWS, "Manage access keys for IAM users"
  'c6ea27c534f993d3', // AWS CLI User Guide, named profiles
  'cb20d34a7adda2f5', // AWS STS API Reference
  '78314b11be2e5815', // AWS, "Manage access keys for IAM users"
  'e21b597ba6b9cafa', // AWS CLI User Guide, named profiles
  'ac9265e56c79b234', // Google Cloud, "Authenticate by using API keys"
  '2cafc0970149a84f', // Stripe API Reference, "Authentication"
  'bc3ae723f57c6b9e', // GitHub, "Authorizing OAuth apps"
  '57e768fb1d60a396', // Slack, "Sending data as a message with a Slack incoming webhook URL"
  '22102581cd07ae0d', // Slack, "Sending data via a webhook to start a Slack workflow"
  '7f75367e78812551', // jwt.io, the debugger's example
  'c794fa6d20c64efb', // jwt.io, the debugger's example
  '4f5835492d3c9d41', // RFC 7515, appendix A.1
  '0011cc25eb432071', // Azurite, "Well-known storage account and key"
  'aa6547439583c3a2', // Azure Cosmos DB emulator, "Authentication"
  'f0386f9be1fe905f', // The OAuth client of the gcloud command, part of its source
  '905fe7cc0a49c622', // CircleCI, "New format for API access tokens"
  '9154e2e6fbfb1e50', // Dynatrace, "Tokens and authentication"
]);

/** Length of the shortest sample: what is shorter, as most passwords are, need not be hashed. */
const MIN_SAMPLE_CHARS = 20;

/** True for a token that a vendor prints in its documentation. */
export function isDocumentedSample(secret: string): boolean {
  if (secret.length < MIN_SAMPLE_CHARS) return false;
  return samples.has(hash('sha256', Buffer.from(secret, 'latin1')).slice(0, 16));
}
