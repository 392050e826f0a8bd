/** The sample queries ask for events and fields that records really have. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { hostEvents, hostQuestions } from '../../../build/docs/host-advice.ts';
import { plantSample } from '../../../fixtures/sample.ts';
import { loadDocumentation, loadTask } from '../../../src/scan/task-build.ts';
import { linux, testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder, recordsIn } from '../scanner-under-test.ts';

afterAll(cleanUp);

// Only Linux has names that are not Unicode: a file that cannot be scanned.
testWith(linux)('every event and every field of a query exists', async () => {
  const root = plantSample(join(newFolder(), 'sample'));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), '');
  const args = ['--standalone', '--state-dir', join(newFolder(), 'state'), root];
  const first = await byHand(args);
  rmSync(join(root, 'app'), { recursive: true });
  const second = await byHand(args);
  const records = recordsIn(first.stdout + second.stdout);
  const events = new Set([...hostEvents, ...(await loadTask()).events].map(({ id }) => id));

  const { questions = [] } = await loadDocumentation();
  const missing = [...questions, ...hostQuestions].flatMap(({ title, events: ids, where = [], show }) => {
    const named = 'fields' in show ? show.fields : 'by' in show ? show.by : [];
    const fields = [...named, ...where.map(({ field }) => field), 'source', 'event'];
    const answers = records.filter(({ event }) => ids.includes(event));
    const unknown = fields.filter((field) => {
      const [name, part] = field.split('.');
      // Without a job, there is no name of one.
      if (part === undefined)
        return name !== 'job' && !records.every((record) => Object.hasOwn(record, name ?? ''));
      return !answers.some(({ data }) => Object.hasOwn(data, part));
    });
    return [...unknown, ...ids.filter((id) => !events.has(id))].map((name) => `${title}: ${name}`);
  });
  expect(missing).toEqual([]);
});
