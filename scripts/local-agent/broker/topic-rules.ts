/**
 * The topics that a job may use: only those that its document lists (KEPM documentation, "Job and plugin MQTT topic permissions").
 * Whether a job's lists may contain wildcards is not documented; by default, topics are compared literally.
 */
import type { JobDocument } from '../../../src/host/job/schema.ts';

/** Default `exact`. */
export type TopicMatching = 'exact' | 'wildcards' | undefined;

export function mayPublish(job: JobDocument | undefined, topic: string, matching: TopicMatching): boolean {
  return covers(job?.mqttTopics?.allowedPublications ?? [], topic, matching);
}

/** A subscription's filter is compared literally with the list: a listed `a/+` allows subscribing to `a/+`. */
export function maySubscribe(job: JobDocument | undefined, filter: string, matching: TopicMatching): boolean {
  return covers(job?.mqttTopics?.allowedSubscriptions ?? [], filter, matching);
}

function covers(list: readonly string[], topic: string, matching: TopicMatching): boolean {
  return list.some((item) => item === topic || (matching === 'wildcards' && matches(item, topic)));
}

/**
 * MQTT 3.1.1, section 4.7: `+` matches one level, `#` at the end matches all following levels and the parent. The topic may itself be a
 * filter; `+` does not match its `#`.
 */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const isOpen = wanted.at(-1) === '#';
  if (isOpen) wanted.pop();
  if (isOpen ? levels.length < wanted.length : levels.length !== wanted.length) return false;
  return wanted.every((level, index) => (level === '+' && levels[index] !== '#') || level === levels[index]);
}
