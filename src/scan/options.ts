/** The options of the scan. `config/` makes flags, environment variables and keys of the configuration file from them. */
import * as z from 'zod';

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
  workers: z.coerce.number('expected a number of threads from 1 to 64').int().min(1).max(64).optional().meta({
    description:
      'Threads that scan a large tree; by default one for each processor, at most 4, or 8 while they wait for the disk',
    placeholder: 'N',
  }),
  remind: z.coerce.number('expected a number of days from 1 to 3650').int().min(1).max(3650).optional().meta({
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
