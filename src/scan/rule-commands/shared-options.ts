/** The options that a scan shares with the commands about rules. */
import * as z from 'zod';
import { LONGEST_PATH, boundedText } from '../../host/task/text-schemas.ts';
import { atMost } from '../../host/task/list-schemas.ts';

const group = 'Rules';

/** Ids, families and globs, each text one or several of them. */
const someRules = atMost(1000, 'texts', boundedText(4096)).default([]);

export const ruleOptions = {
  rules: boundedText(LONGEST_PATH, 'a path of ').optional().meta({
    description:
      'Add the rules and allowlists in this file. The allowlists apply to built-in rules, too; the format is that of gitleaks 8 (TOML)',
    placeholder: 'file',
    group,
    brief: true,
  }),
  rulesOnly: z
    .boolean()
    .default(false)
    .meta({ description: 'Use only the rules from --rules, none of the built-in ones', group }),
  enableRules: someRules.meta({
    description:
      'Use only these rules. Each is an id, a glob such as aws-*, or a family such as family:github; separate them with commas',
    placeholder: 'rules',
    group,
    separator: ',',
  }),
  disableRules: someRules.meta({
    description:
      'Do not use these rules. They are named as for --enable-rules; reports and "rules list" say which rules are disabled',
    placeholder: 'rules',
    group,
    separator: ',',
  }),
};

export const binaries = z.boolean().default(false).meta({
  description: 'Also search binary files for text in ASCII, UTF-8 and little-endian UTF-16',
  group: 'What to scan',
});
