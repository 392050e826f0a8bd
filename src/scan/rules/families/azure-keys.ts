/**
 * Azure keys that are recognized by their format: a signature of four letters at a fixed place, before a checksum.
 * The newest also contain `JQQJ99`, whatever service they belong to.
 */
import { BEFORE } from '../authoring/boundaries.ts';
import type { Rule } from '../model/rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

const remediation =
  'Regenerate the key under "Keys" of the resource in the Azure portal. Use managed identities instead where possible.';
const source = 'https://devblogs.microsoft.com/engineering-at-microsoft/common-annotated-security-keys/';

/** Services by the signature within a common annotated key. */
const services: ReadonlyMap<string, string> = new Map([
  ['AZDO', 'Azure DevOps'],
  ['ACOG', 'Azure AI services'],
  ['AZEG', 'Azure Event Grid'],
  ['AZMP', 'Azure Maps'],
]);

/** By layout: how many random characters, the signature, what ends the key; signature, id, title, severity of each. */
const layouts = [
  {
    of: 'A-Za-z0-9+/',
    random: 76,
    end: '{6}==',
    keys: [
      ['+ASt', 'azure-storage-key', 'Azure Storage account key', 'critical'],
      ['+ABa', 'azure-batch-key', 'Azure Batch account key', 'critical'],
      ['+AMC', 'azure-machine-learning-key', 'Azure Machine Learning key', 'high'],
      ['ACDb', 'azure-cosmos-db-key', 'Azure Cosmos DB account key', 'critical'],
      ['APIM', 'azure-api-management-key', 'Azure API Management key', 'high'],
    ],
  },
  {
    of: 'A-Za-z0-9+/',
    random: 33,
    end: '{6}=',
    keys: [
      ['AIoT', 'azure-iot-key', 'Azure IoT Hub key', 'high'],
      ['+ASb', 'azure-service-bus-key', 'Azure Service Bus key', 'high'],
      ['+AEh', 'azure-event-hub-key', 'Azure Event Hubs key', 'high'],
      ['+ARm', 'azure-relay-key', 'Azure Relay key', 'high'],
      ['AzCa', 'azure-redis-key', 'Azure Cache for Redis key', 'critical'],
    ],
  },
  {
    of: 'A-Za-z0-9+/',
    random: 42,
    end: '{6}',
    keys: [
      ['AzSe', 'azure-search-key', 'Azure AI Search key', 'high'],
      ['+ACR', 'azure-container-registry-key', 'Azure Container Registry password', 'critical'],
    ],
  },
  {
    of: 'A-Za-z0-9_-',
    random: 44,
    end: '{6}==',
    keys: [['AzFu', 'azure-functions-key', 'Azure Functions key', 'high']],
  },
] as const;

export const azureKeyRules: readonly Rule[] = [
  {
    id: 'azure-devops-token',
    title: 'Azure DevOps personal access token',
    severity: 'critical',
    remediation:
      'Revoke the token under "User settings > Personal access tokens" in Azure DevOps, then create a new one.',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token',
    keywords: ['AZDO'],
    pattern: new RegExp(`${BEFORE}[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9_])`),
    window: { before: 76, after: 4 },
    next: { of: 'A-Za-z0-9', least: 4 },
    validate: annotated,
  },
  {
    id: 'azure-annotated-key',
    title: 'Azure key in the common annotated format',
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
  ...layouts.flatMap(({ of, random, end, keys }) =>
    keys.map(([signature, id, title, severity]): Rule => ({
      id,
      title,
      severity,
      remediation,
      source,
      keywords: [signature],
      pattern: new RegExp(
        `(?<![${of}])[${of}]{${random}}${RegExp.escape(signature)}[${of}]${end}(?![A-Za-z0-9+/=_])`,
      ),
      window: { before: random, after: 8 },
      next: { of, least: 6 },
      validate: (secret) => randomBefore(secret, random),
    })),
  ),
];

function randomBefore(secret: string, length: number, ...evidence: string[]): Verdict {
  const body = secret.slice(0, length);
  return isMixed(body) ? opaque(secret, body, ...evidence) : rejected;
}

/** A key of 84 characters, or of 88: its service by the letters before the checksum. NuGet's are a kind of their own. */
function annotated(secret: string): Verdict {
  if (secret.startsWith('NUGT', 76)) return rejected;
  const service = services.get(secret.slice(76, 80));
  return randomBefore(secret, 52, ...(service === undefined ? [] : [service]));
}
