/** One page for each family of rules, and one that lists the families. */
import { ruleCatalogue } from '../detect/rule-catalogue.ts';
import { severities } from '../model/finding.ts';
import type { RuleEntry } from '../model/rule-entry.ts';

/** How family names that are no English words are written. */
const written: Readonly<Record<string, string>> = {
  ai: 'AI',
  aws: 'AWS',
  ci: 'CI',
  crm: 'CRM',
  digitalocean: 'DigitalOcean',
  github: 'GitHub',
  gitlab: 'GitLab',
  http: 'HTTP',
  jwt: 'JWT',
  npm: 'npm',
  oauth: 'OAuth',
  openai: 'OpenAI',
  sql: 'SQL',
  url: 'URL',
};
const names = new Set([
  'atlassian',
  'azure',
  'cloudflare',
  'google',
  'keeper',
  'kubernetes',
  'slack',
  'stripe',
  'windows',
]);

/** The pages of `docs/rules/` by their names. */
export function rulePages(): Readonly<Record<string, string>> {
  const byFamily = Map.groupBy(ruleCatalogue([], false), ({ family }) => family);
  const families = [...byFamily]
    .map(([name, rules]) => ({ name, title: titleOf(name), rules }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const pages = families.map(({ name, title, rules }) => [`${name}.md`, familyPage(title, rules)]);
  return { 'README.md': overview(families), ...Object.fromEntries(pages) };
}

/** `ai-tools`: `AI tools`. */
function titleOf(family: string): string {
  const words = family.split('-').map((word) => written[word] ?? (names.has(word) ? capital(word) : word));
  return capital(words.join(' '), words[0] === 'npm');
}

function capital(text: string, isFixed = false): string {
  return isFixed ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface Family {
  readonly name: string;
  readonly title: string;
  readonly rules: readonly RuleEntry[];
}

function overview(families: readonly Family[]): string {
  const total = families.reduce((sum, { rules }) => sum + rules.length, 0);
  const rows = families.map(({ name, title, rules }) => {
    const counts = severities.toReversed().map((severity) => countOf(rules, severity));
    return `| [${title}](${name}.md) | ${[rules.length, ...counts].join(' | ')} |`;
  });
  return [
    `# Rules\n`,
    `The ${total.toLocaleString('en')} built-in rules, by family. Each rule has its id, its severity, the vendor's page that describes the format, and what to do`,
    `about a finding. The executable has the same list:\n`,
    '```sh\nsecrets-scan rules list github token              # by words, --family or --severity\nsecrets-scan rules show github-classic-token      # by id\n```\n',
    'To add rules of your own, see [Custom rules](../custom-rules.md).\n',
    `| family | rules | ${severities.toReversed().join(' | ')} |`,
    '| --- | --: | --: | --: | --: | --: |',
    ...rows,
    '',
  ].join('\n');
}

function countOf(rules: readonly RuleEntry[], severity: RuleEntry['severity']): string {
  const count = rules.filter((rule) => rule.severity === severity).length;
  return count === 0 ? '' : String(count);
}

function familyPage(title: string, rules: readonly RuleEntry[]): string {
  const sections = rules.map(({ id, title: name, severity, source, remediation }) =>
    [
      `## ${id}\n`,
      `${escaped(name)}, severity ${severity}. [Format](<${source}>)\n`,
      `${escaped(remediation)}\n`,
    ].join('\n'),
  );
  return [`# ${title}\n`, '[All families](README.md)\n', ...sections].join('\n');
}

/** Text for Markdown, in which only code between backticks is markup. */
function escaped(text: string): string {
  return text.replaceAll(/`[^`]+`|[\\*_<[\]]/g, (found) => (found.startsWith('`') ? found : `\\${found}`));
}
