/** Identities in Azure: client secrets of Microsoft Entra, tokens of Azure DevOps. */
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed } from '../validators/named-value.ts';
import { opaque } from '../validators/opaque.ts';

const entra = {
  severity: 'critical',
  remediation:
    'Remove the client secret under "Certificates & secrets" of the app registration in the Microsoft Entra admin center, then add a new one.',
  source: 'https://learn.microsoft.com/en-us/entra/identity-platform/how-to-add-credentials',
} as const;
const devOps = {
  severity: 'critical',
  remediation:
    'Revoke the token under "User settings > Personal access tokens" in Azure DevOps, then create a new one.',
  source:
    'https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
} as const;

export const azureIdentityRules: readonly Rule[] = [
  {
    ...entra,
    id: 'azure-entra-client-secret',
    title: 'Microsoft Entra client secret',
    // Three characters, a digit, `Q~`, 31 to 34 characters.
    keywords: ['0Q~', '1Q~', '2Q~', '3Q~', '4Q~', '5Q~', '6Q~', '7Q~', '8Q~', '9Q~'],
    pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/,
    window: { before: 3, after: 34 },
    next: { of: 'A-Za-z0-9_~.-', least: 31 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    ...entra,
    id: 'azure-named-client-secret',
    title: 'Microsoft Entra client secret',
    names: ['azure', 'aad_', 'aadc', 'arm_client', 'entra', 'microsoft', 'msal', 'graph_client'],
    rest: 'secret|password',
    of: 'A-Za-z0-9_~.+/=@:?*[\\]-',
    length: [32, 44],
    validate: namedMixed,
  }),
  named({
    ...devOps,
    id: 'azure-devops-legacy-token',
    title: 'Azure DevOps personal access token (old format)',
    names: ['azure', 'azdo', 'vsts', 'ado_', 'vss_', 'devops', 'accesstoken', 'pat_token', 'personal_access'],
    of: 'a-z2-7',
    length: 52,
  }),
  {
    ...devOps,
    id: 'azure-devops-url-token',
    title: 'Azure DevOps personal access token in a URL',
    keywords: ['@dev.azure.com', '.visualstudio.com'],
    pattern:
      /(?<![A-Za-z0-9])(?<secret>[a-z2-7]{52})@(?:dev\.azure\.com|[A-Za-z0-9-]{1,50}\.visualstudio\.com)/,
    window: { before: 104, after: 0 },
    validate: (secret) => opaque(secret, secret),
  },
];
