/** The options of the scan. `config/` makes flags, environment variables and keys of the configuration file from them. */
import * as z from 'zod';

/** A number: flags and variables write it as text. Nothing else is taken for one. */
const numeric = <Schema extends z.ZodNumber>(schema: Schema) =>
  z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), schema);

export const ScanOptions = z.object({
  roots: z.array(z.string()).default([]).meta({
    description:
      'Files and folders to scan. Default: the homes of all users and the usual server places of this system',
    placeholder: 'ROOT',
    positional: true,
  }),
  exclude: z.array(z.string()).default([]).meta({
    description:
      'Leave out what this glob matches: a name at any depth if it has no slash, else a whole path, or a path below a root; always with forward slashes',
    placeholder: 'GLOB',
  }),
  workers: numeric(z.int('expected a number of threads from 1 to 64').min(1).max(64)).optional().meta({
    description:
      'Threads that scan a large tree; by default one for each processor, at most 4, or 8 on a slow disk',
    placeholder: 'N',
  }),
  maxRate: numeric(z.number('expected megabytes per second from 0.1 to 100000').min(0.1).max(100_000))
    .optional()
    .meta({
      description: 'Read no faster than this, all threads together; by default as fast as the disk',
      placeholder: 'MB/s',
    }),
  rules: z.string().optional().meta({
    description:
      "Look for what the rules of this file describe as well, in gitleaks' format (TOML, version 8)",
    placeholder: 'FILE',
  }),
  rulesOnly: z.boolean().default(false).meta({
    description: 'Look for what the rules of --rules describe alone',
  }),
  baseline: z.string().optional().meta({
    description: 'Pass over what this JSON report of before holds',
    placeholder: 'FILE',
  }),
  ignoreList: z.string().optional().meta({
    description: 'Pass over what this list names: path:rule:line as in .gitleaksignore, or fingerprints',
    placeholder: 'FILE',
  }),
  obeyMarkers: z.boolean().default(false).meta({
    description:
      'Pass over lines with a comment that asks scanners for it, such as gitleaks:allow; by default they are reported',
  }),
  fingerprintKey: z.string().optional().meta({
    description:
      'Make fingerprints with the 32 bytes of this file, so that several machines have the same ones; by default with a key of this installation',
    placeholder: 'FILE',
  }),
  binaries: z.boolean().default(false).meta({
    description: 'Look for text in binaries too, in ASCII, UTF-8 and little-endian UTF-16',
  }),
  remind: numeric(z.int('expected a number of days from 1 to 3650').min(1).max(3650)).optional().meta({
    description: 'Log a finding that is still there again after so many days; by default only once',
    placeholder: 'DAYS',
  }),
  full: z.boolean().default(false).meta({
    description: 'Examine every file, also those that are as they were when an earlier run examined them',
  }),
  shard: z
    .string()
    .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, 'expected a part such as 2/5')
    .transform((text) => {
      const [index = 1, count = 1] = text.split('/').map(Number);
      return { index, count };
    })
    .refine(({ index, count }) => index <= count, 'expected a part such as 2/5')
    .optional()
    .meta({
      description: 'Scan the I-th of N parts of the files: for several machines that see the same ones',
      placeholder: 'I/N',
    }),
});
