/** When a published record counts as arrived, and what becomes of one that does not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { AgentFacts } from '../../../src/host/delivery/agent-facts.ts';
import { Publisher } from '../../../src/host/delivery/publisher.ts';
import { Spool, type SpoolOptions } from '../../../src/host/delivery/spool.ts';
import { spoolSchema } from '../../../src/host/delivery/spool-schema.ts';
import type { Transport } from '../../../src/host/delivery/transport.ts';
import { type Evidence, factIn, verdictOf } from '../../../src/host/delivery/verdict.ts';
import type { Level, LogRecord } from '../../../src/host/log/index.ts';
import { type Store, hostPlatform, openStore } from '../../../src/host/platform/index.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'confirmation-'));
  folders.push(folder);
  return folder;
}

async function storeIn(folder: string): Promise<Store> {
  return (await openStore(hostPlatform({}), folder, { spool: spoolSchema })).store;
}

describe('the verdict on what was acknowledged', () => {
  const verdict = (evidence: Partial<Evidence>, fact?: 'reported' | 'never') => {
    const nothing = {
      probe: undefined,
      log: undefined,
      hasReturned: false,
      isTopicDeclared: undefined,
      isLevelKnown: true,
    };
    const found = verdictOf({ ...nothing, ...evidence }, fact);
    return found.kind === 'confirmed' ? found.by : found.kind;
  };

  test.each([
    ['the record is in the log, whatever the broker says', { log: 'found', probe: 'denied' }, 'log'],
    [
      'a record has come back, whatever the probe says',
      { hasReturned: true, probe: 'accepted' },
      'subscription',
    ],
    ['the broker reports that nobody subscribes to the topic', { probe: 'recognised' }, 'probe'],
    ['it does, but the record is not in the log', { probe: 'recognised', log: 'missing' }, 'suspicious'],
    ['the broker denies the topic openly', { probe: 'denied' }, 'denied'],
    [
      'the job does not declare the topic of the log',
      { probe: 'recognised', isTopicDeclared: false },
      'denied',
    ],
    ['the broker only acknowledges', { probe: 'accepted' }, 'suspicious'],
    [
      'it only acknowledges, and the record is not in the log',
      { probe: 'accepted', log: 'missing' },
      'denied',
    ],
    ['the broker cannot be asked, and the record is not in the log', { log: 'missing' }, 'suspicious'],
    ['there is nothing to see', {}, 'unknown'],
  ] as const)('%s', (_, evidence, expected) => {
    expect(verdict(evidence)).toBe(expected);
  });

  test('a log whose place is only assumed does not contradict the broker', () => {
    expect(verdict({ probe: 'recognised', log: 'missing', isLevelKnown: false })).toBe('probe');
  });

  test('the broker’s earlier answers decide what an acknowledgement without a report means', () => {
    expect(verdict({ probe: 'accepted' }, 'reported')).toBe('denied');
    expect(verdict({ probe: 'accepted' }, 'never')).toBe('unknown');
    expect(verdict({ probe: 'accepted', log: 'found' }, 'reported')).toBe('log');
  });

  test('what is learned about a broker is remembered', async () => {
    const known = { hasReturned: false, isTopicDeclared: true, isLevelKnown: true };
    expect(factIn({ ...known, probe: 'recognised', log: undefined })).toBe('reported');
    expect(factIn({ ...known, probe: 'accepted', log: 'found' })).toBe('never');
    expect(factIn({ ...known, probe: 'accepted', log: 'missing' })).toBeUndefined();
    const store = await storeIn(newFolder());
    expect(new AgentFacts(store).probe).toBeUndefined();
    new AgentFacts(store).setProbe('never');
    new AgentFacts(store).setProbe('reported');
    expect(new AgentFacts(store).probe).toBe('reported');
    store.close();
  });
});

const names = { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' };

function record(level: Level, message: string): LogRecord {
  return { id: message, timestamp: '2026-01-02T03:04:05.006Z', level, event: 'e', message, fields: {} };
}

interface RunOptions extends SpoolOptions {
  readonly payloadNames?: typeof names;
  readonly heard?: 'nobody' | 'unknown';
  /** What happens between opening the spool and the first publication. */
  readonly before?: (spool: Spool) => void;
  /** What happens once everything is acknowledged. */
  readonly after?: (publisher: Publisher, spool: Spool) => void;
  /** What happens at the end. */
  readonly atEnd?: (publisher: Publisher) => void;
}

/** One run that publishes these records, through a broker that acknowledges everything. @returns what it has published, and its result */
async function run(store: Store, records: readonly LogRecord[], options: RunOptions) {
  const { payloadNames = names, heard = 'unknown', before, after, atEnd, ...spoolOptions } = options;
  const spool = new Spool(store, spoolOptions);
  before?.(spool);
  const payload = { names: payloadNames, source: 's', context: { run: 'a-run' } };
  const publisher = new Publisher({ payload, timeout: 1000, maxListed: 10 });
  publisher.persistTo(spool);
  const payloads: Record<string, unknown>[] = [];
  const transport: Transport = {
    publish: async (_, text) => {
      payloads.push(JSON.parse(text));
      return { heard };
    },
    broken: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  publisher.begin(transport);
  for (const each of records) {
    if (each.level === 'Information') publisher.write(each);
    else publisher.offer(each, 'owner');
  }
  await publisher.flush();
  after?.(publisher, spool);
  await publisher.close();
  atEnd?.(publisher);
  return { payloads, sent: payloads.map(({ message }) => message), result: publisher.result() };
}

const confirmed = (publisher: Publisher) => publisher.confirm();
const withdrawn = (publisher: Publisher) => publisher.withdraw();
const unknown = (publisher: Publisher) => publisher.keepImportant();
const due = (interval: number | undefined) => (spool: Spool) => void spool.published.sendDueAgain(interval);

const HOUR = 3_600_000;

describe('a published record', () => {
  test('is removed once it is confirmed', async () => {
    const store = await storeIn(newFolder());
    await run(store, [record('Warning', 'a'), record('Information', 'b')], { after: confirmed });
    const next = await run(store, [], { before: due(1), now: () => Date.now() + HOUR });
    expect(next).toMatchObject({ sent: [], result: { kept: 0, unconfirmed: 0, lost: 0 } });
    store.close();
  });

  test('that was dropped silently is sent by the next run, once', async () => {
    const store = await storeIn(newFolder());
    const denied = await run(store, [record('Warning', 'a')], { after: withdrawn });
    expect(denied).toMatchObject({
      sent: ['a'],
      result: { kept: 1, important: [expect.stringContaining('"a"')] },
    });
    expect((await run(store, [], { after: confirmed })).sent).toEqual(['a']);
    expect((await run(store, [], { after: confirmed })).sent).toEqual([]);
    store.close();
  });

  test('without a subscriber to the log is not delivered', async () => {
    const store = await storeIn(newFolder());
    const unheard = await run(store, [record('Warning', 'a')], { heard: 'nobody', after: confirmed });
    expect(unheard.result).toMatchObject({ delivered: 0, unheard: 1, kept: 1 });
    expect((await run(store, [], { after: confirmed })).sent).toEqual(['a']);
    store.close();
  });

  test('without proof is repeated at growing intervals if it is important', async () => {
    const store = await storeIn(newFolder());
    let now = 1_000_000;
    const at = (hours: number) => {
      now += hours * HOUR;
      return { before: due(24 * HOUR), after: unknown, now: () => now };
    };
    const first = await run(store, [record('Warning', 'a')], at(0));
    expect(first.result).toMatchObject({ kept: 0, unconfirmed: 1 });
    const sent = [];
    for (const hours of [23, 1, 47, 1, 95, 1]) sent.push((await run(store, [], at(hours))).sent.length);
    expect(sent).toEqual([0, 1, 0, 1, 0, 1]);
    const never = { ...at(10_000), before: due(undefined) };
    expect((await run(store, [], never)).sent).toEqual([]);
    store.close();
  });

  test('below Warning is kept without proof only if there is reason to believe that it did not arrive', async () => {
    const store = await storeIn(newFolder());
    await run(store, [record('Information', 'a')], { after: unknown });
    expect(new Spool(store).size).toBe(0);
    await run(store, [record('Information', 'b')], {});
    const before = (spool: Spool) => void spool.published.sendEarlierAgain();
    expect((await run(store, [], { before, after: confirmed })).sent).toEqual(['b']);
    expect(new Spool(store).size).toBe(0);
    store.close();
  });

  test('is sent again at once when records are published in another way, in its new form', async () => {
    const store = await storeIn(newFolder());
    await run(store, [record('Warning', 'a')], { link: 'one', after: unknown });
    const same = await run(store, [], { link: 'one', before: due(undefined), after: unknown });
    expect(same.sent).toEqual([]);
    const payloadNames = { ...names, level: 'Severity' };
    const changed = await run(store, [], {
      link: 'two',
      payloadNames,
      before: due(undefined),
      after: unknown,
    });
    expect(changed.payloads).toMatchObject([{ Severity: 'Warning', message: 'a', run: 'a-run' }]);
    store.close();
  });

  test('of an earlier run is sent again with the first proof, and then confirmed by it', async () => {
    const store = await storeIn(newFolder());
    for (const name of ['a', 'b']) await run(store, [record('Warning', name)], { after: unknown });
    const proof = await run(store, [record('Warning', 'c')], {
      after: (publisher, spool) => {
        publisher.confirm();
        expect(spool.published.sendEarlierAgain()).toBe(2);
      },
      atEnd: confirmed,
    });
    expect(proof.sent).toEqual(['c', 'a', 'b']);
    expect(new Spool(store).size).toBe(0);
    store.close();
  });

  test('makes room for new announcements, the oldest first, and is counted', async () => {
    const store = await storeIn(newFolder());
    const length = JSON.stringify({ record: record('Warning', 'old1'), context: { run: 'a-run' } }).length;
    const limits = { ordinary: 1000, announcements: 6 * length };
    const some = (prefix: string) => [1, 2, 3].map((n) => record('Warning', `${prefix}${n}`));
    await run(store, some('old'), { limits, after: unknown });
    const { sent } = await run(store, some('new'), { limits, after: unknown });
    expect(sent).toEqual(['new1', 'new2', 'new3']);
    expect(new Spool(store).takeLosses()).toBe(3);
    expect(new Spool(store).published.importantCount).toBe(3);
    store.close();
  });

  test('of version 0.1.0 is sent as it is', async () => {
    const folder = newFolder();
    const old = await openStore(hostPlatform({}), folder, { spool: spoolSchema.slice(0, 2) });
    old.store
      .prepare('INSERT INTO spool (topic, payload, important, owner) VALUES (?, ?, 1, ?)')
      .run('KeeperLogger', '{"message":"old"}', 'owner');
    old.store.close();
    const store = await storeIn(folder);
    expect((await run(store, [], { after: confirmed })).sent).toEqual(['old']);
    expect((await run(store, [], { after: confirmed })).sent).toEqual([]);
    store.close();
  });
});
