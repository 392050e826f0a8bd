/** What is wrong with the value of an option, for people. */
import type * as z from 'zod';

/** Zod's own messages about choices and types read like code. */
export function problemOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue?.code === 'invalid_type' && issue.expected === 'boolean') return 'expected true or false';
  return issue?.message ?? 'is not valid';
}
