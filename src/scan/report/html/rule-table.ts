/** The rules that findings on a page name, each once. */
import type { PageRule } from './page-data.ts';

/** What a report says of a rule. */
export type RuleInReport = PageRule;

export class RuleTable {
  readonly used: PageRule[] = [];
  readonly #known: Map<string, RuleInReport>;
  readonly #indices = new Map<string, number>();

  constructor(rules: readonly RuleInReport[] = []) {
    this.#known = new Map(rules.map((rule) => [rule.id, rule]));
  }

  /** Adds descriptions; the first one of an id stays. */
  learn(rules: readonly RuleInReport[]): void {
    for (const rule of rules) if (!this.#known.has(rule.id)) this.#known.set(rule.id, rule);
  }

  /** The index of a rule in `used`. @param title what the rule is called if it is not described */
  indexOf(id: string, title?: string): number {
    const index = this.#indices.get(id);
    if (index !== undefined) return index;
    this.used.push(pageRule(this.#known.get(id) ?? { id, title: title ?? id, remediation: '', source: '' }));
    this.#indices.set(id, this.used.length - 1);
    return this.used.length - 1;
  }
}

/** Without what a page does not show. */
function pageRule({ id, title, family, remediation, source }: RuleInReport): PageRule {
  return { id, title, ...(family !== undefined && { family }), remediation, source };
}
