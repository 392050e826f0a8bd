/** The options for proof that the agent accepts records, and for what becomes of records without proof. */
import * as z from 'zod';
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
        'Publish on this topic to find out whether the broker accepts this job; the job must declare the topic, and nothing may subscribe to it',
      placeholder: 'TOPIC',
    }),
  confirmSubscription: z.boolean().default(false).meta({
    description:
      "Subscribe to KeeperLogger, to see this run's records come back; the job must list it in allowedSubscriptions",
  }),
  remindUnconfirmed: durationOrNever('8760h').prefault('24h').meta({
    description:
      'Send records of level Warning and above again after this time if nothing shows that the agent accepted them; the time doubles with each repetition; "never" sends them once',
    placeholder: 'TIME',
  }),
  retell: z
    .boolean()
    .default(false)
    .meta({
      description: 'Announce again everything that earlier runs announced and that still holds',
      only: ['flag', 'environment'],
    }),
};
