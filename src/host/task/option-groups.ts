/** Headings of `--help` for the options that every task has. A task may put options of its own below them. */
export const optionGroups = {
  run: 'Run',
  output: 'Output',
  limits: 'Limits',
  agent: 'Agent',
  delivery: 'Delivery of records',
} as const;
