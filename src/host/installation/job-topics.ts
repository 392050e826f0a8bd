/** The topics that a job declares, from its document below the agent's root (KEPM documentation, "Job and plugin MQTT topic permissions"). */
import { join } from 'node:path';
import * as z from 'zod';
import { smallFile } from './small-file.ts';

/** Bytes of the largest job document that is read. */
const MAX_BYTES = 1024 * 1024;

const Topics = z.looseObject({ mqttTopics: z.looseObject({ allowedPublications: z.array(z.string()) }) });

/**
 * The topics on which a job may publish. Undefined if its document cannot be read, or has another form than the documented one.
 * @param jobId also the name of its file
 */
export function declaredPublications(root: string, jobId: string): readonly string[] | undefined {
  if (!/^[\w-]{1,200}$/.test(jobId)) return undefined;
  const text = smallFile(join(root, 'Jobs', `${jobId}.json`), MAX_BYTES);
  if (text === undefined) return undefined;
  try {
    return Topics.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data?.mqttTopics.allowedPublications;
  } catch {
    return undefined;
  }
}
