/** The options for proof that the agent accepts records, and for what becomes of records without proof. */
import * as z from 'zod';
import { optionGroups } from '../task/option-groups.ts';
import { boundedText } from '../task/text-schemas.ts';
import { durationOrNever } from './duration.ts';

export const confirmationOptions = {
  probeTopic: boundedText(1000)
    .regex(/^[^+#\0]+$/, 'expected a topic without wildcards')
    .refine((topic) => !/[{}]/.test(topic.replaceAll('{jobId}', '')), {
      error: 'unknown token; the known one is {jobId}',
    })
    .optional()
    .meta({
      description:
        'Publish on this topic to test whether the broker accepts this job. The job document must declare the topic, and nothing should subscribe to it',
      placeholder: 'topic',
      group: optionGroups.delivery,
    }),
  confirmSubscription: z.boolean().default(false).meta({
    description:
      "Subscribe to KeeperLogger and look for this run's records, as proof that they arrived. The job document must list the topic in allowedSubscriptions",
    group: optionGroups.delivery,
  }),
  remindUnconfirmed: durationOrNever('8760h').prefault('24h').meta({
    description:
      'Repeat warnings and errors after this time if nothing shows that they arrived. The time doubles with each repetition; "never" sends them once',
    placeholder: 'time',
    group: optionGroups.delivery,
  }),
  retell: z
    .boolean()
    .default(false)
    .meta({
      description: 'Announce again everything that earlier runs announced and that still applies',
      group: optionGroups.delivery,
      only: ['flag', 'environment'],
    }),
};
