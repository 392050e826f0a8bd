/** The options of the scan. `config/` derives flags, environment variables and configuration keys from them. */
import * as z from 'zod';
import { grouped } from '../host/log/grouped.ts';
import { count, numeric } from '../host/task/number-schemas.ts';
import { LONGEST_PATH, boundedText } from '../host/task/text-schemas.ts';
import { severities } from './model/finding.ts';

const path = boundedText(LONGEST_PATH, 'a path of ');

const RATE = 'expected megabytes per second from 0.1 to 100000';
const SHARD = 'expected a part such as 2/5, of at most 9999';

/** A list with a maximum length. `refine` instead of `max`, for the reason in `text-schemas.ts`. */
function atMost<Item extends z.ZodType>(most: number, what: string, item: Item) {
  return z.array(item).refine(({ length }) => length <= most, `expected at most ${grouped(most)} ${what}`);
}

export const ScanOptions = z.object({
  roots: atMost(10_000, 'roots', path).default([]).meta({
    description:
      'Files and folders to scan, or - for standard input. Default: the homes of all users and the usual server places of this system',
    placeholder: 'ROOT',
    positional: true,
  }),
  staged: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Scan what git is about to commit in the current folder, and report what is not in the last commit yet',
      only: ['flag'],
    }),
  stdinPath: path.optional().meta({
    description: 'The path that standard input (-) has in reports, and for rules that depend on names',
    placeholder: 'PATH',
    only: ['flag'],
  }),
  exclude: atMost(1000, 'globs', boundedText(4096, 'globs of ')).default([]).meta({
    description:
      'Leave out what this glob matches: a name at any depth if it has no slash, else a whole path, or a path below a root; always with forward slashes',
    placeholder: 'GLOB',
  }),
  workers: count('threads', 1, 64).optional().meta({
    description:
      'Threads that scan a large tree; by default one for each processor, at most 3, each of some 30 MB',
    placeholder: 'N',
  }),
  maxRate: numeric(z.number(RATE).min(0.1, RATE).max(100_000, RATE)).optional().meta({
    description: 'Read no faster than this, all threads together; by default as fast as the disk',
    placeholder: 'MB/s',
  }),
  rules: path.optional().meta({
    description: "Add the rules from this file, in gitleaks' format (TOML, version 8)",
    placeholder: 'FILE',
  }),
  rulesOnly: z.boolean().default(false).meta({
    description: 'Use only the rules from --rules',
  }),
  baseline: path.optional().meta({
    description: 'Leave out the findings of this earlier JSON report',
    placeholder: 'FILE',
  }),
  ignoreList: path.optional().meta({
    description: 'Leave out the findings in this list: path:rule:line as in .gitleaksignore, or fingerprints',
    placeholder: 'FILE',
  }),
  obeyMarkers: z.boolean().default(false).meta({
    description:
      'Leave out findings whose lines all have an ignore comment such as gitleaks:allow; by default they are reported',
  }),
  fingerprintKey: path.optional().meta({
    description:
      'Use the 32 bytes of this file as the fingerprint key, so that several machines produce the same fingerprints; by default each installation has its own key',
    placeholder: 'FILE',
  }),
  binaries: z.boolean().default(false).meta({
    description: 'Look for text in binaries too, in ASCII, UTF-8 and little-endian UTF-16',
  }),
  remind: count('days', 1, 3650).optional().meta({
    description:
      'Log findings again that are still present after this many days; by default each is logged once',
    placeholder: 'DAYS',
  }),
  failOn: z.enum(severities).optional().meta({
    description: 'End with code 10 when there is a finding of this severity or above',
  }),
  strict: z.boolean().default(false).meta({
    description: 'End with code 11 when something could not be examined',
  }),
  full: z.boolean().default(false).meta({
    description: 'Scan all files, including unchanged ones',
  }),
  shard: z
    .string()
    .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, SHARD)
    .transform((text) => {
      const [index = 1, of = 1] = text.split('/').map(Number);
      return { index, count: of };
    })
    .refine((part) => part.index <= part.count, SHARD)
    .optional()
    .meta({
      description: 'Scan the I-th of N parts of the files: for several machines that see the same ones',
      placeholder: 'I/N',
    }),
});
