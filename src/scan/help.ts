/** The scanner's part of the help: examples, topics, and what people type by mistake. */
import type { Example, HelpTopic } from '../host/task/help.ts';

export const examples: readonly Example[] = [
  { arguments: 'scan ~/src', meaning: 'scan a folder now' },
  { arguments: 'scan --fail-on=high --report=r.sarif .', meaning: 'for a pipeline' },
  { arguments: 'rules show github-classic-token', meaning: 'explain a rule' },
];

export const topics: Readonly<Record<string, HelpTopic>> = {
  roots: { title: 'Which files are scanned', text: async () => (await import('./help-topics.ts')).roots },
  rules: { title: 'Built-in and custom rules', text: async () => (await import('./help-topics.ts')).rules },
  suppressing: {
    title: 'Leaving out findings that are known',
    text: async () => (await import('./help-topics.ts')).suppressing,
  },
  pipelines: {
    title: 'Scanning in pipelines and hooks',
    text: async () => (await import('./help-topics.ts')).pipelines,
  },
};

/** Words and options of other scanners, and typical guesses. */
export const synonyms: Readonly<Record<string, string>> = {
  check: 'scan',
  detect: 'scan',
  dir: 'scan',
  directory: 'scan',
  file: 'scan',
  filesystem: 'scan',
  find: 'scan',
  path: 'scan',
  protect: 'scan --staged',
  run: 'scan',
  search: 'scan',
  stdin: 'scan -',
  test: 'rules test',
  version: '--version',
  '-c': 'use --config=FILE',
  '-d': 'give the path without an option',
  '-e': 'use --exclude=GLOB',
  '-f': 'use --report=FILE, whose extension selects the format, or --report=FORMAT:FILE',
  '-i': 'use --ignore-list=FILE',
  '-o': 'use --report=FILE',
  '-r': 'use --report=FILE or --rules=FILE; folders are always searched to their end',
  '-p': 'give the path without an option',
  '-s': 'give the path without an option',
  '--dir': 'give the path without an option',
  '--directory': 'give the path without an option',
  '--exit-code': 'use --fail-on=SEVERITY',
  '--csv': 'use --report=FILE.csv, or --report=csv:- for standard output',
  '--format': 'use --report=FILE, whose extension selects the format, or --report=FORMAT:FILE',
  '--ignore': 'use --exclude=GLOB or --ignore-list=FILE',
  '--include': 'give the paths without an option',
  '--json': 'use --report=FILE.json, or --report=json:- for standard output',
  '--jsonl': 'use --report=FILE.jsonl, or --report=jsonl:- for standard output',
  '--no-git': 'leave it out: files are always scanned as they are',
  '--out': 'use --report=FILE',
  '--output': 'use --report=FILE',
  '--path': 'give the path without an option',
  '--recursive': 'leave it out: folders are always searched to their end',
  '--redact': 'leave it out: secrets are never shown',
  '--report-format': 'use --report=FILE, whose extension selects the format, or --report=FORMAT:FILE',
  '--report-path': 'use --report=FILE',
  '--sarif': 'use --report=FILE.sarif, or --report=sarif:- for standard output',
  '--severity': 'use --fail-on=SEVERITY',
  '--silent': 'use --quiet',
  '--source': 'give the path without an option',
  '--stdin': 'give - as the path',
  '--threads': 'use --workers=NUMBER',
  '--timeout': 'use --max-duration=TIME',
};
