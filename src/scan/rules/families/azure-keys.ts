/**
 * Azure's keys that are known by their form: a signature of four letters at a fixed place, before a checksum. The newest
 * hold `JQQJ99` too, whatever service they belong to.
 */
import { BEFORE } from '../builders.ts';
import type { Rule } from '../rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../validators/verdict.ts';

const remediation =
  'Regenerate the key in the Azure portal ("Keys" of the resource) and prefer managed identities.';
const source = 'https://devblogs.microsoft.com/engineering-at-microsoft/common-annotated-security-keys/';

/** Services by the signature within a common annotated key. */
const services: ReadonlyMap<string, string> = new Map([
  ['AZDO', 'Azure DevOps'],
  ['ACOG', 'Azure AI services'],
  ['AZEG', 'Azure Event Grid'],
  ['AZMP', 'Azure Maps'],
]);

/** Signature, random characters before it, characters of checksum and padding after it, id, title, severity. */
const signed = [
  [
    String.raw`\+ASt`,
    '+ASt',
    76,
    '[A-Za-z0-9+/]{6}==',
    'azure-storage-key',
    'Azure Storage account key',
    'critical',
  ],
  [
    String.raw`\+ABa`,
    '+ABa',
    76,
    '[A-Za-z0-9+/]{6}==',
    'azure-batch-key',
    'Azure Batch account key',
    'critical',
  ],
  [
    String.raw`\+AMC`,
    '+AMC',
    76,
    '[A-Za-z0-9+/]{6}==',
    'azure-machine-learning-key',
    'Azure Machine Learning key',
    'high',
  ],
  [
    'ACDb',
    'ACDb',
    76,
    '[A-Za-z0-9+/]{6}==',
    'azure-cosmos-db-key',
    'Azure Cosmos DB account key',
    'critical',
  ],
  ['APIM', 'APIM', 76, '[A-Za-z0-9+/]{6}==', 'azure-api-management-key', 'Azure API Management key', 'high'],
  ['AIoT', 'AIoT', 33, '[A-Za-z0-9+/]{6}=', 'azure-iot-key', 'Azure IoT Hub key', 'high'],
  [
    String.raw`\+ASb`,
    '+ASb',
    33,
    '[A-Za-z0-9+/]{6}=',
    'azure-service-bus-key',
    'Azure Service Bus key',
    'high',
  ],
  [String.raw`\+AEh`, '+AEh', 33, '[A-Za-z0-9+/]{6}=', 'azure-event-hub-key', 'Azure Event Hubs key', 'high'],
  [String.raw`\+ARm`, '+ARm', 33, '[A-Za-z0-9+/]{6}=', 'azure-relay-key', 'Azure Relay key', 'high'],
  ['AzCa', 'AzCa', 33, '[A-Za-z0-9+/]{6}=', 'azure-redis-key', 'Azure Cache for Redis key', 'critical'],
  ['AzSe', 'AzSe', 42, '[A-Za-z0-9+/]{6}', 'azure-search-key', 'Azure AI Search key', 'high'],
  [
    String.raw`\+ACR`,
    '+ACR',
    42,
    '[A-Za-z0-9+/]{6}',
    'azure-container-registry-key',
    'Azure Container Registry password',
    'critical',
  ],
  ['AzFu', 'AzFu', 44, '[A-Za-z0-9_-]{6}==', 'azure-functions-key', 'Azure Functions key', 'high'],
] as const;

export const azureKeyRules: readonly Rule[] = [
  {
    id: 'azure-devops-token',
    title: 'Azure DevOps personal access token',
    severity: 'critical',
    remediation: 'Revoke the token under "User settings, Personal access tokens" of Azure DevOps.',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token',
    keywords: ['AZDO'],
    pattern: new RegExp(`${BEFORE}[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9_])`),
    window: { before: 76, after: 4 },
    next: { of: 'A-Za-z0-9', least: 4 },
    validate: annotated,
  },
  {
    id: 'azure-annotated-key',
    title: 'Azure key (common annotated form)',
    severity: 'high',
    remediation,
    source,
    // 52 random characters, the signature of the form, the time, the platform's data, the service's signature, a checksum.
    keywords: ['JQQJ99', 'JQQJ9D', 'JQQJ9H'],
    pattern: new RegExp(
      `${BEFORE}[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9]{18}[A-Za-z0-9]{4}[A-Za-z0-9]{4}(?:[A-Za-z0-9]{2}==)?(?![A-Za-z0-9_=])`,
    ),
    window: { before: 52, after: 30 },
    next: { of: 'A-Za-z0-9', least: 26 },
    validate: annotated,
  },
  ...signed.map(([signature, keyword, random, rest, id, title, severity]): Rule => {
    const of = keyword === 'AzFu' ? 'A-Za-z0-9_-' : 'A-Za-z0-9+/';
    return {
      id,
      title,
      severity,
      remediation,
      source,
      keywords: [keyword],
      pattern: new RegExp(`(?<![${of}])[${of}]{${random}}${signature}${rest}(?![A-Za-z0-9+/=_])`),
      window: { before: random, after: 8 },
      next: { of, least: 6 },
      validate: (secret) =>
        isMixed(secret.slice(0, random)) ? opaque(secret, secret.slice(0, random)) : rejected,
    };
  }),
];

/** A key of 84 characters, or of 88: its service by the letters before the checksum. */
function annotated(secret: string): Verdict {
  if (!isMixed(secret.slice(0, 52))) return rejected;
  const service = services.get(secret.slice(76, 80));
  return opaque(secret, secret.slice(0, 52), ...(service === undefined ? [] : [service]));
}
