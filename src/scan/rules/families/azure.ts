/** Azure's services: connection strings, shared access signatures, and keys by their names. */
import { named } from '../builders.ts';
import { explicitCase } from '../explicit-case.ts';
import type { Rule } from '../rule.ts';
import { sharedAccessSignature } from '../validators/azure.ts';
import { namedMixed, namedPadded, namedValue } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../validators/verdict.ts';

const keys = {
  remediation:
    'Regenerate the key in the Azure portal ("Keys" of the resource) and prefer managed identities.',
  source: 'https://learn.microsoft.com/en-us/azure/key-vault/secrets/tutorial-rotation-dual',
} as const;

/** 64 or 32 bytes in base64 after one of these names, as connection strings have them. */
function inConnectionString(
  names: readonly string[],
  rule: Pick<Rule, 'id' | 'title' | 'severity' | 'source'>,
): Rule {
  return {
    ...rule,
    remediation: keys.remediation,
    keywords: names.map((name) => `${name}=`),
    caseless: true,
    pattern: new RegExp(
      explicitCase(`(?i:${names.join('|')})=(?<secret>[A-Za-z0-9+/%]{43,96}={0,2})(?![A-Za-z0-9+/=])`),
    ),
    window: { before: 0, after: 98 },
    next: { of: 'A-Za-z0-9+/%', least: 43 },
    validate: (secret) => (isMixed(secret) && /(?:=|%3D)$/i.test(secret) ? opaque(secret, secret) : rejected),
  };
}

export const azureRules: readonly Rule[] = [
  inConnectionString(['accountkey'], {
    id: 'azure-account-key',
    title: 'Azure Storage or Cosmos DB account key in a connection string',
    severity: 'critical',
    source: 'https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string',
  }),
  inConnectionString(['sharedaccesskey'], {
    id: 'azure-shared-access-key',
    title: 'Azure shared access key in a connection string (Service Bus, Event Hubs, IoT Hub)',
    severity: 'high',
    source: 'https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas',
  }),
  inConnectionString([';accesskey'], {
    id: 'azure-access-key',
    title: 'Azure access key in a connection string (SignalR, Web PubSub, Communication Services)',
    severity: 'high',
    source: 'https://learn.microsoft.com/en-us/azure/azure-signalr/concept-connection-string',
  }),
  {
    ...keys,
    id: 'azure-app-configuration-secret',
    title: 'Azure App Configuration connection string',
    severity: 'critical',
    keywords: ['.azconfig.io;'],
    pattern:
      /\.azconfig\.io;[Ii]d=[^;"'\s]{1,80};[Ss]ecret=(?<secret>[A-Za-z0-9+/=]{40,96})(?![A-Za-z0-9+/=_])/,
    window: { before: 0, after: 190 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  {
    id: 'azure-shared-access-signature',
    title: 'Azure shared access signature (SAS)',
    severity: 'high',
    remediation:
      'Revoke the stored access policy, or regenerate the key that signed it; otherwise let it expire.',
    source: 'https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas',
    keywords: ['sig='],
    pattern:
      /(?<query>(?:(?<![A-Za-z0-9])[a-z]{2,5}=[^&\s"'<>=]{0,120}&(?:amp;)?){0,16})(?<![A-Za-z0-9])sig=(?<secret>[A-Za-z0-9+/%]{43,80}={0,2})(?![A-Za-z0-9+/%=_-])(?<rest>(?:&(?:amp;)?[a-z]{2,5}=[^&\s"'<>=]{0,120}){0,16})/,
    window: { before: 700, after: 500 },
    next: { of: 'A-Za-z0-9+/%', least: 43 },
    validate: sharedAccessSignature,
  },
  named({
    ...keys,
    id: 'azure-named-account-key',
    title: 'Azure account key of 64 bytes (by its name)',
    severity: 'critical',
    names: [
      'azure',
      'storage',
      'cosmos',
      'account_key',
      'accountkey',
      'documentdb',
      'blob',
      'batch',
      'master_key',
    ],
    rest: 'key|secret|(?<=key)',
    of: 'A-Za-z0-9+/=',
    length: 88,
    validate: namedPadded,
  }),
  named({
    ...keys,
    id: 'azure-named-access-key',
    title: 'Azure access key of 32 bytes (by its name)',
    severity: 'high',
    names: [
      'azure',
      'redis',
      'signalr',
      'pubsub',
      'iothub',
      'iot_',
      'eventhub',
      'event_hub',
      'servicebus',
      'service_bus',
      'relay',
      'aeg-sas',
      'eventgrid',
      'sas_key',
    ],
    rest: 'key|secret|password|(?<=key)',
    of: 'A-Za-z0-9+/=',
    length: 44,
    validate: namedPadded,
  }),
  named({
    ...keys,
    id: 'azure-cognitive-key',
    title: 'Azure AI services, Search or API Management key',
    severity: 'high',
    source: 'https://learn.microsoft.com/en-us/azure/ai-services/authentication',
    names: [
      'azure',
      'cognitive',
      'ocp-apim',
      'subscription-key',
      'subscription_key',
      'subscriptionkey',
      'luis',
      'bing',
      'speech',
      'translator',
      'text_analytics',
      'textanalytics',
      'computer_vision',
      'computervision',
      'face_api',
      'form_recognizer',
      'apim',
    ],
    rest: 'key|token|secret|(?<=key)',
    of: 'A-Fa-f0-9',
    length: 32,
    validate: namedValue,
  }),
  {
    ...keys,
    id: 'azure-key-near-host',
    title: 'Azure AI services or Search key beside its host',
    severity: 'high',
    confidence: 'medium',
    source: 'https://learn.microsoft.com/en-us/azure/ai-services/authentication',
    keywords: [
      '.openai.azure.com',
      'cognitiveservices.azure.com',
      'api.cognitive.microsoft',
      '.search.windows.net',
    ],
    pattern:
      /(?:\.openai\.azure\.com|cognitiveservices\.azure\.com|api\.cognitive\.microsoft|\.search\.windows\.net)[^]{0,240}?[Kk](?:ey|EY)["']?[\t ]{0,4}[:=,(][\t ]{0,4}["']?(?<secret>[a-f0-9]{32}|[A-F0-9]{32})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 320 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    ...keys,
    id: 'azure-container-registry-password',
    title: 'Azure Container Registry password (old form)',
    severity: 'critical',
    source:
      'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account',
    names: ['acr_', 'azurecr', 'container_registry', 'containerregistry'],
    rest: 'pass|pwd|secret|key',
    of: 'A-Za-z0-9+/=',
    length: [32, 52],
    validate: namedMixed,
  }),
  named({
    ...keys,
    id: 'azure-maps-key',
    title: 'Azure Maps key (old form)',
    severity: 'medium',
    source: 'https://learn.microsoft.com/en-us/azure/azure-maps/azure-maps-authentication',
    names: ['azuremap', 'azure_map', 'azure-map'],
    rest: 'key',
    of: 'A-Za-z0-9_-',
    length: 43,
    validate: namedMixed,
  }),
  {
    ...keys,
    id: 'azure-functions-url-key',
    title: 'Azure Functions key in a URL',
    severity: 'high',
    source: 'https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to',
    keywords: ['.azurewebsites.net/api/'],
    pattern:
      /\.azurewebsites\.net\/api\/[^\s"'<>?]{1,160}\?(?:[^\s"'<>&]{1,80}&){0,6}code=(?<secret>[A-Za-z0-9_%+/-]{36,100}={0,2})(?![A-Za-z0-9_%+=-])/,
    window: { before: 0, after: 760 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  named({
    ...keys,
    id: 'azure-functions-named-key',
    title: 'Azure Functions key (by its name)',
    severity: 'high',
    source: 'https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to',
    names: ['functions-key', 'functions_key', 'function_key', 'functionkey', 'azure_function', 'host_key'],
    of: 'A-Za-z0-9+/=_-',
    length: [40, 60],
    validate: namedMixed,
  }),
  {
    ...keys,
    id: 'azure-publish-profile-password',
    title: 'Azure App Service publish profile password',
    severity: 'critical',
    source: 'https://learn.microsoft.com/en-us/azure/app-service/deploy-configure-credentials',
    keywords: ['userPWD="', 'userPWD=\\"'],
    pattern: /userPWD=\\?"(?<secret>[A-Za-z0-9]{40,80})\\?"/,
    window: { before: 0, after: 84 },
    next: { of: '"A-Za-z0-9\\\\', least: 40 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
];
