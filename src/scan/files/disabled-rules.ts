/** The rules that a run does not use, from its options. Loads the rules only if an option concerns them. */
import type { WrongValue } from '../../host/task/wrong-value.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import { type RuleSwitches, disabledRules } from '../rules/selection.ts';
import { ruleDescriptions } from './detector-module.ts';

const none: ReadonlySet<string> = new Set();

/**
 * The ids of the disabled rules: by a switch, or since the custom rules are used alone.
 * @throws what `wrongValue` makes of a mistake in the switches
 */
export function disabledIn(
  switches: RuleSwitches,
  customRules: CustomRules | undefined,
  wrongValue: WrongValue,
): ReadonlySet<string> {
  const { enableRules, disableRules } = switches;
  const hasSwitches = enableRules.length > 0 || disableRules.length > 0;
  const disabled = hasSwitches ? disabledRules(switches, ruleDescriptions(customRules), wrongValue) : none;
  if (customRules?.areAlone !== true) return disabled;
  const own = new Set(customRules.descriptions.map(({ id }) => id));
  const builtIn = ruleDescriptions(undefined).map(({ id }) => id);
  return new Set([...disabled, ...builtIn.filter((id) => !own.has(id))]);
}
