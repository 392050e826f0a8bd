/**
 * All rules, the surer first: where the secrets of two rules overlap, the one that stands first is reported. Among equally
 * sure ones, the order is that of the families here.
 */
import { confidences } from '../../task.ts';
import type { Rule } from './rule.ts';
import { awsRules } from './families/aws.ts';
import { commandRules } from './families/commands.ts';
import { digitalOceanRules } from './families/digitalocean.ts';
import { gitHubRules } from './families/github.ts';
import { gitLabRules } from './families/gitlab.ts';
import { googleRules } from './families/google.ts';
import { jwtRules } from './families/jwt.ts';
import { keeperRules } from './families/keeper.ts';
import { keyRules } from './families/keys.ts';
import { kubernetesRules } from './families/kubernetes.ts';
import { loginFileRules } from './families/login-files.ts';
import { networkDeviceRules } from './families/network-devices.ts';
import { npmRules } from './families/npm.ts';
import { passwordHashRules } from './families/password-hashes.ts';
import { privateKeyRules } from './families/private-key.ts';
import { slackRules } from './families/slack.ts';
import { stripeRules } from './families/stripe.ts';
import { windowsRules } from './families/windows.ts';

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
  ...kubernetesRules,
  ...jwtRules,
  ...keyRules,
  ...networkDeviceRules,
  ...passwordHashRules,
  ...windowsRules,
  ...loginFileRules,
  ...commandRules,
];

const sureness = ({ confidence = 'high' }: Rule) => confidences.indexOf(confidence);

export const allRules: readonly Rule[] = families.toSorted((a, b) => sureness(b) - sureness(a));
