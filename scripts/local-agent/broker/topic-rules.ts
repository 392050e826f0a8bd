/**
 * Which topics a job may use: those that its document lists, and no other; nothing is inherited or implied (KEPM
 * documentation, "Job and plugin MQTT topic permissions"). Whether a job's lists may hold wildcards is not documented, so
 * by default they are compared as they are written.
 */
import type { JobDocument } from '../../../src/host/job/schema.ts';

export type TopicMatching = 'exact' | 'wildcards';

export function mayPublish(job: JobDocument | undefined, topic: string, matching: TopicMatching): boolean {
  return covers(job?.mqttTopics?.allowedPublications ?? [], topic, matching);
}

/** A subscription's filter is held against the list as it is written: a listed `a/+` allows subscribing to `a/+`. */
export function maySubscribe(job: JobDocument | undefined, filter: string, matching: TopicMatching): boolean {
  return covers(job?.mqttTopics?.allowedSubscriptions ?? [], filter, matching);
}

function covers(list: readonly string[], topic: string, matching: TopicMatching): boolean {
  return list.some((item) => item === topic || (matching === 'wildcards' && matches(item, topic)));
}

/**
 * MQTT 3.1.1, section 4.7: `+` stands for one level, `#` at the end for all that follow and for the parent. A filter may
 * stand in the topic's place; `+` does not cover its `#`.
 */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const isOpen = wanted.at(-1) === '#';
  if (isOpen) wanted.pop();
  if (isOpen ? levels.length < wanted.length : levels.length !== wanted.length) return false;
  return wanted.every((level, index) => (level === '+' && levels[index] !== '#') || level === levels[index]);
}
