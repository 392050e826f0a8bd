/**
 * All rules, the surer first: where the secrets of two rules overlap, the one that stands first is reported. Among equally
 * sure ones, the order is that of the families here.
 */
import { confidences } from '../../task.ts';
import { explicitCase } from './explicit-case.ts';
import type { Rule } from './rule.ts';
import { awsRules } from './families/aws.ts';
import { digitalOceanRules } from './families/digitalocean.ts';
import { gitHubRules } from './families/github.ts';
import { gitLabRules } from './families/gitlab.ts';
import { googleRules } from './families/google.ts';
import { jwtRules } from './families/jwt.ts';
import { keeperRules } from './families/keeper.ts';
import { npmRules } from './families/npm.ts';
import { privateKeyRules } from './families/private-key.ts';
import { slackRules } from './families/slack.ts';
import { stripeRules } from './families/stripe.ts';
import { chatRules } from './families/chat.ts';
import { commerceRules } from './families/commerce.ts';
import { contentRules } from './families/content.ts';
import { crmRules } from './families/crm.ts';
import { dataRules } from './families/data.ts';
import { identityRules } from './families/identity.ts';
import { messagingRules } from './families/messaging.ts';
import { oauthRules } from './families/oauth.ts';
import { paymentRules } from './families/payments.ts';
import { socialRules } from './families/social.ts';
import { tradingRules } from './families/trading.ts';
import { walletRules } from './families/wallets.ts';
import { webhookRules } from './families/webhooks.ts';

export { FileKindIndex, rulePath } from './file-kind.ts';
export type { Rule } from './rule.ts';

const families: readonly Rule[] = [
  ...keeperRules,
  ...privateKeyRules,
  ...awsRules,
  ...digitalOceanRules,
  ...gitHubRules,
  ...gitLabRules,
  ...slackRules,
  // URLs that hold a key of a vendor's own, and keys that resemble Stripe's.
  ...webhookRules,
  ...paymentRules,
  ...identityRules,
  ...stripeRules,
  ...googleRules,
  ...npmRules,
  ...chatRules,
  ...messagingRules,
  ...walletRules,
  ...tradingRules,
  ...commerceRules,
  ...socialRules,
  ...crmRules,
  ...contentRules,
  ...dataRules,
  ...oauthRules,
  ...jwtRules,
];

const sureness = ({ confidence = 'high' }: Rule) => confidences.indexOf(confidence);

export const allRules: readonly Rule[] = families
  .map((rule) => ({ ...rule, pattern: explicitCase(rule.pattern) }))
  .toSorted((a, b) => sureness(b) - sureness(a));
