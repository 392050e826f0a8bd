/** The options of the commands about rules. */
import * as z from 'zod';
import { LONGEST_PATH, boundedText } from '../../host/task/text-schemas.ts';
import { severities } from '../model/finding.ts';
import { binaries, ruleOptions } from './shared-options.ts';

const json = z.boolean().default(false).meta({ description: 'Print JSON instead of text' });
const { rules, rulesOnly, enableRules, disableRules } = ruleOptions;
const oneArgument = (error: string) => z.array(boundedText(LONGEST_PATH), error).length(1, error);

export const ListOptions = z.object({
  words: z.array(boundedText(200)).default([]).meta({
    description: 'Only rules that contain all of these words, in their id, title, family or keywords',
    placeholder: 'word',
    positional: true,
  }),
  family: boundedText(100).optional().meta({
    description: 'Only rules of this family, such as aws',
    placeholder: 'family',
  }),
  severity: z.enum(severities).optional().meta({
    description: 'Only rules of this severity or above',
    placeholder: 'severity',
  }),
  json,
  rules,
  enableRules,
  disableRules,
});
export type ListOptions = z.output<typeof ListOptions>;

export const ShowOptions = z.object({
  id: oneArgument('name one rule by its id').meta({
    description: 'The id of the rule, as findings and "rules list" show it',
    placeholder: 'id',
    positional: true,
  }),
  json,
  rules,
});
export type ShowOptions = z.output<typeof ShowOptions>;

export const TestOptions = z.object({
  file: oneArgument('name one file').meta({
    description: 'The file to scan',
    placeholder: 'file',
    positional: true,
  }),
  json,
  rules,
  rulesOnly,
  enableRules,
  disableRules,
  binaries,
});
export type TestOptions = z.output<typeof TestOptions>;
