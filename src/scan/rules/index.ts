/** All rules. */
import type { Rule } from './rule.ts';
import { awsRules } from './aws.ts';
import { gitHubRules } from './github.ts';
import { gitLabRules } from './gitlab.ts';
import { googleRules } from './google.ts';
import { jwtRules } from './jwt.ts';
import { keeperRules } from './keeper.ts';
import { loosened } from './loose.ts';
import { npmRules } from './npm.ts';
import { privateKeyRules } from './private-key.ts';
import { slackRules } from './slack.ts';
import { stripeRules } from './stripe.ts';

export type { Rule } from './rule.ts';

/** The more specific first: where the secrets of two rules overlap, the one that stands first is reported. */
const rules: readonly Rule[] = [
  ...keeperRules,
  ...privateKeyRules,
  ...awsRules,
  ...gitHubRules,
  ...gitLabRules,
  ...slackRules,
  ...stripeRules,
  ...googleRules,
  ...npmRules,
  ...jwtRules,
];

export const allRules: readonly Rule[] = rules.map(loosened);
