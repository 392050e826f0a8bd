/**
 * All rules, the more certain ones first: where the secrets of two rules overlap, the rule that comes first is
 * reported. Among equally certain rules, the order is that of the families here.
 */
import { confidences } from '../model/finding.ts';
import type { Pattern } from '../engine/index.ts';
import { type Encoding, encodings } from './encodings.ts';
import { explicitCase } from './authoring/explicit-case.ts';
import { withBoundaries } from './authoring/boundaries.ts';
import { withBinaryVariant } from './authoring/binary-variant.ts';
import type { Rule } from './model/rule.ts';
import { aiRules } from './families/ai.ts';
import { aiToolRules } from './families/ai-tools.ts';
import { alertingRules } from './families/alerting.ts';
import { analyticsRules } from './families/analytics.ts';
import { assignmentRules } from './families/assignments.ts';
import { atlassianRules } from './families/atlassian.ts';
import { awsRules } from './families/aws.ts';
import { awsServiceRules } from './families/aws-services.ts';
import { azureRules } from './families/azure.ts';
import { azureIdentityRules } from './families/azure-identity.ts';
import { azureKeyRules } from './families/azure-keys.ts';
import { callRules } from './families/calls.ts';
import { chatRules } from './families/chat.ts';
import { ciRules } from './families/ci.ts';
import { cloudLoginRules } from './families/cloud-logins.ts';
import { cloudflareRules } from './families/cloudflare.ts';
import { commandRules } from './families/commands.ts';
import { commerceRules } from './families/commerce.ts';
import { contentRules } from './families/content.ts';
import { crmRules } from './families/crm.ts';
import { dataRules } from './families/data.ts';
import { dataPlatformRules } from './families/data-platforms.ts';
import { dataToolRules } from './families/data-tools.ts';
import { databaseClientRules } from './families/database-clients.ts';
import { databaseRules } from './families/databases.ts';
import { developerLoginRules } from './families/developer-logins.ts';
import { developerPlatformRules } from './families/developer-platforms.ts';
import { digitalOceanRules } from './families/digitalocean.ts';
import { easternCloudRules } from './families/eastern-clouds.ts';
import { edgeRules } from './families/edge.ts';
import { featureFlagRules } from './families/feature-flags.ts';
import { gitHubRules } from './families/github.ts';
import { gitLabRules } from './families/gitlab.ts';
import { googleRules } from './families/google.ts';
import { googleCloudRules } from './families/google-cloud.ts';
import { hostingRules } from './families/hosting.ts';
import { httpRules } from './families/http.ts';
import { identityRules } from './families/identity.ts';
import { infrastructureRules } from './families/infrastructure.ts';
import { jwtRules } from './families/jwt.ts';
import { keeperRules } from './families/keeper.ts';
import { keyRules } from './families/keys.ts';
import { kubernetesRules } from './families/kubernetes.ts';
import { ledgerRules } from './families/ledgers.ts';
import { loginFileRules } from './families/login-files.ts';
import { mapRules } from './families/maps.ts';
import { mediaRules } from './families/media.ts';
import { messagingRules } from './families/messaging.ts';
import { networkDeviceRules } from './families/network-devices.ts';
import { networkKeyRules } from './families/network-keys.ts';
import { networkLoginRules } from './families/network-logins.ts';
import { newerServiceRules } from './families/newer-services.ts';
import { noteRules } from './families/notes.ts';
import { npmRules } from './families/npm.ts';
import { oauthRules } from './families/oauth.ts';
import { observabilityRules } from './families/observability.ts';
import { openAiRules } from './families/openai.ts';
import { packageRules } from './families/packages.ts';
import { passwordExportRules } from './families/password-exports.ts';
import { passwordHashRules } from './families/password-hashes.ts';
import { paymentRules } from './families/payments.ts';
import { privateKeyRules } from './families/private-key.ts';
import { provisioningRules } from './families/provisioning.ts';
import { remoteAccessRules } from './families/remote-access.ts';
import { searchEngineRules } from './families/search-engines.ts';
import { securityToolRules } from './families/security-tools.ts';
import { seedRules } from './families/seeds.ts';
import { selfHostedRules } from './families/self-hosted.ts';
import { serverRules } from './families/servers.ts';
import { serviceSettingRules } from './families/service-settings.ts';
import { slackRules } from './families/slack.ts';
import { socialRules } from './families/social.ts';
import { sqlRules } from './families/sql.ts';
import { stripeRules } from './families/stripe.ts';
import { toolRules } from './families/tools.ts';
import { tradingRules } from './families/trading.ts';
import { urlCredentialRules } from './families/url-credentials.ts';
import { vaultRules } from './families/vaults.ts';
import { walletRules } from './families/wallets.ts';
import { webApplicationRules } from './families/web-applications.ts';
import { webhookRules } from './families/webhooks.ts';
import { windowsRules } from './families/windows.ts';
import { windowsFileRules } from './families/windows-files.ts';
import { windowsHashRules } from './families/windows-hashes.ts';

export { type Encoding, encodings, isDecorated } from './encodings.ts';
export { FileKindIndex, isOfKind, rulePath } from './model/file-kind.ts';
export { valuesIn } from './authoring/lists.ts';
export type { Rule, Span, TableHeading } from './model/rule.ts';
export { nameBefore } from './model/name-before.ts';
export { isAmongExamples, placeOf } from './validators/file-place.ts';

/** By the name of the family's file. The order counts, see above. */
const families = {
  keeper: keeperRules,
  'google-cloud': googleCloudRules,
  'network-keys': networkKeyRules,
  keys: keyRules,
  seeds: seedRules,
  'private-key': privateKeyRules,
  kubernetes: kubernetesRules,
  webhooks: webhookRules,
  payments: paymentRules,
  wallets: walletRules,
  ledgers: ledgerRules,
  identity: identityRules,
  ai: aiRules,
  alerting: alertingRules,
  analytics: analyticsRules,
  atlassian: atlassianRules,
  'aws-services': awsServiceRules,
  aws: awsRules,
  'azure-identity': azureIdentityRules,
  'azure-keys': azureKeyRules,
  azure: azureRules,
  chat: chatRules,
  ci: ciRules,
  cloudflare: cloudflareRules,
  content: contentRules,
  'data-platforms': dataPlatformRules,
  'data-tools': dataToolRules,
  data: dataRules,
  databases: databaseRules,
  'developer-platforms': developerPlatformRules,
  digitalocean: digitalOceanRules,
  'eastern-clouds': easternCloudRules,
  edge: edgeRules,
  'feature-flags': featureFlagRules,
  github: gitHubRules,
  gitlab: gitLabRules,
  google: googleRules,
  hosting: hostingRules,
  infrastructure: infrastructureRules,
  maps: mapRules,
  media: mediaRules,
  messaging: messagingRules,
  'newer-services': newerServiceRules,
  npm: npmRules,
  observability: observabilityRules,
  openai: openAiRules,
  packages: packageRules,
  'search-engines': searchEngineRules,
  'security-tools': securityToolRules,
  'self-hosted': selfHostedRules,
  servers: serverRules,
  slack: slackRules,
  stripe: stripeRules,
  tools: toolRules,
  trading: tradingRules,
  vaults: vaultRules,
  crm: crmRules,
  commerce: commerceRules,
  social: socialRules,
  oauth: oauthRules,
  'remote-access': remoteAccessRules,
  'windows-files': windowsFileRules,
  'database-clients': databaseClientRules,
  'developer-logins': developerLoginRules,
  'cloud-logins': cloudLoginRules,
  'ai-tools': aiToolRules,
  'network-logins': networkLoginRules,
  'web-applications': webApplicationRules,
  'service-settings': serviceSettingRules,
  provisioning: provisioningRules,
  'password-exports': passwordExportRules,
  'login-files': loginFileRules,
  commands: commandRules,
  calls: callRules,
  sql: sqlRules,
  windows: windowsRules,
  'network-devices': networkDeviceRules,
  'password-hashes': passwordHashRules,
  'windows-hashes': windowsHashRules,
  jwt: jwtRules,
  'url-credentials': urlCredentialRules,
  http: httpRules,
  notes: noteRules,
  assignments: assignmentRules,
} satisfies Readonly<Record<string, readonly Rule[]>>;

const sureness = ({ confidence = 'high' }: Rule) => confidences.indexOf(confidence);

function withoutCaselessGroups(rule: Rule): Rule {
  const { source, flags } = rule.pattern;
  const explicit = explicitCase(source);
  return explicit === source ? rule : { ...rule, pattern: new RegExp(explicit, flags) };
}

export const allRules: readonly Rule[] = Object.values<readonly Rule[]>(families)
  .flat()
  .toSorted((a, b) => sureness(b) - sureness(a))
  .map((rule) =>
    rule.follows !== undefined ? rule : withBinaryVariant(withBoundaries(withoutCaselessGroups(rule))),
  );

/** The family of each rule, by the rule's id. */
export function familiesOfRules(): Map<string, string> {
  const pairs = Object.entries<readonly Rule[]>(families);
  return new Map(pairs.flatMap(([family, rules]) => rules.map(({ id }) => [id, family] as const)));
}

/** What a pattern of the engine stands for. */
export type BuiltInOwner =
  | { readonly kind: 'rule'; readonly index: number; readonly rule: Rule }
  | { readonly kind: 'encoding'; readonly encoding: Encoding };

/**
 * Indexed by pattern: the rules that an engine searches for, with their indices into all rules, then the
 * encodings.
 */
export const builtInOwners: readonly BuiltInOwner[] = [
  ...[...allRules.entries()].flatMap(([index, rule]): BuiltInOwner[] =>
    rule.follows === undefined ? [{ kind: 'rule', index, rule }] : [],
  ),
  ...encodings.map((encoding): BuiltInOwner => ({ kind: 'encoding', encoding })),
];

/** The patterns that an engine searches for. */
export const patterns: readonly Pattern[] = builtInOwners.map((owner) =>
  owner.kind === 'rule' ? owner.rule : owner.encoding,
);
