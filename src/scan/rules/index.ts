/**
 * All rules, the surer first: where the secrets of two rules overlap, the one that stands first is reported. Among equally
 * sure ones, the order is that of the families here.
 */
import { confidences } from '../../task.ts';
import type { Pattern } from '../engine/index.ts';
import { layers } from './layers.ts';
import { loosened } from './loose.ts';
import type { Rule } from './rule.ts';
import { assignmentRules } from './families/assignments.ts';
import { awsRules } from './families/aws.ts';
import { digitalOceanRules } from './families/digitalocean.ts';
import { gitHubRules } from './families/github.ts';
import { gitLabRules } from './families/gitlab.ts';
import { googleRules } from './families/google.ts';
import { httpRules } from './families/http.ts';
import { jwtRules } from './families/jwt.ts';
import { keeperRules } from './families/keeper.ts';
import { npmRules } from './families/npm.ts';
import { privateKeyRules } from './families/private-key.ts';
import { slackRules } from './families/slack.ts';
import { stripeRules } from './families/stripe.ts';

export { type Layer, layers } from './layers.ts';
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
  ...stripeRules,
  ...googleRules,
  ...npmRules,
  ...jwtRules,
  ...httpRules,
  ...assignmentRules,
];

const sureness = ({ confidence = 'high' }: Rule) => confidences.indexOf(confidence);

export const allRules: readonly Rule[] = families.toSorted((a, b) => sureness(b) - sureness(a)).map(loosened);

/** What an engine looks for: the rules, then the layers. */
export const patterns: readonly Pattern[] = [...allRules, ...layers];
