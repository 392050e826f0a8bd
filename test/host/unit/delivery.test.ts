/** Records on their way out: what they look like, where they wait, and what a kill or a missing reader does to them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MAX_PAYLOAD_BYTES, logPayload, templateBytes } from '../../../src/host/delivery/log-payload.ts';
import { Publisher } from '../../../src/host/delivery/publisher.ts';
import { type Queue, RecordQueue } from '../../../src/host/delivery/record-queue.ts';
import { Spool } from '../../../src/host/delivery/spool.ts';
import { spoolSchema } from '../../../src/host/delivery/spool-schema.ts';
import { PublicationDenied, type Transport } from '../../../src/host/delivery/transport.ts';
import type { Level, LogRecord } from '../../../src/host/log/index.ts';
import { hostPlatform, openStore } from '../../../src/host/platform/index.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
  folders.push(folder);
  return folder;
}

async function storeIn(folder: string) {
  return (await openStore(hostPlatform({}), folder, { spool: spoolSchema })).store;
}

function record(level: Level, message: string, fields: LogRecord['fields'] = {}): LogRecord {
  return { id: 'an-id', timestamp: '2026-01-02T03:04:05.006Z', level, event: 'an.event', message, fields };
}

describe('log payload', () => {
  const names = { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' };
  const options = { names, source: 'a-task', context: { run: 'r', job: 'j', host: 'h' } };

  test('has the four main fields under their configured names, and the rest besides', () => {
    expect(JSON.parse(logPayload(record('Warning', 'Said', { n: 1 }), options))).toEqual({
      level: 'Warning',
      message: 'Said',
      source: 'a-task',
      timestamp: '2026-01-02T03:04:05.006Z',
      event: 'an.event',
      id: 'an-id',
      run: 'r',
      job: 'j',
      host: 'h',
      data: { n: 1 },
    });
    const renamed = { ...options, names: { ...names, level: 'Severity' } };
    expect(JSON.parse(logPayload(record('Error', 'x'), renamed))).toMatchObject({ Severity: 'Error' });
  });

  const template = {
    names: {
      level: 'Log.Level',
      message: 'Log.Message',
      source: 'Source',
      timestamp: 'Log.Time',
      event: 'Log.Event.Id',
      id: false,
      job: false,
      host: 'Machine',
      truncated: 'Log.Cut',
    },
    levels: { Warning: 'WARN', Error: 4 },
    constants: { 'Log.Version': 1, 'Log.Event.Kind': null, Secure: true },
  } as const;

  test('follows a template: nested and omitted fields, levels of another name, constants', () => {
    const formed = { ...options, ...template };
    expect(JSON.parse(logPayload(record('Warning', 'Said', { n: 1 }), formed))).toEqual({
      Log: {
        Level: 'WARN',
        Message: 'Said',
        Time: '2026-01-02T03:04:05.006Z',
        Event: { Id: 'an.event', Kind: null },
        Version: 1,
      },
      Source: 'a-task',
      run: 'r',
      Machine: 'h',
      data: { n: 1 },
      Secure: true,
    });
    expect(JSON.parse(logPayload(record('Error', 'x'), formed))).toMatchObject({ Log: { Level: 4 } });
    expect(JSON.parse(logPayload(record('Debug', 'x'), formed))).toMatchObject({ Log: { Level: 'Debug' } });
  });

  test('names such as __proto__ are names', () => {
    const names_ = { ...names, level: '__proto__.toString', message: 'constructor' };
    const payload = logPayload(record('Warning', 'Said'), { ...options, names: names_ });
    expect(payload).toMatch(/^\{"__proto__":\{"toString":"Warning"\},"constructor":"Said",/);
    expect(Object.hasOwn(Object.prototype, 'Warning')).toBe(false);
  });

  test('the largest template that the configuration accepts leaves room for the message', () => {
    const constants = Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`k${n}`, '\u202e'.repeat(70)]));
    const formed = { ...options, ...template, constants };
    expect(templateBytes(formed)).toBeGreaterThan(1600);
    expect(templateBytes(formed)).toBeLessThan(2048);
    const payload = logPayload(record('Warning', '\u0001'.repeat(20_000)), formed);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(JSON.parse(payload)).toMatchObject({
      Log: { Cut: true, Message: expect.stringContaining('\u0001'.repeat(500)) },
    });
    expect(payload).not.toContain('\u202e');
  });

  test.each(['x', 'é', '\u0001', '😀', '"'])(
    'stays within its bound for long messages of %j',
    (character) => {
      const long = record('Warning', character.repeat(20_000), { path: character.repeat(20_000) });
      const payload = logPayload(long, options);
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      expect(JSON.parse(payload)).toMatchObject({ truncated: true, id: 'an-id', event: 'an.event' });
    },
  );
});

const queues: readonly (readonly [string, (ordinary?: number, announcements?: number) => Promise<Queue>])[] =
  [
    ['in memory', async (...limits) => new RecordQueue(...limits)],
    [
      'in the store',
      async (ordinary = 1_000_000, announcements = 1_000_000) =>
        new Spool(await storeIn(newFolder()), { limits: { ordinary, announcements } }),
    ],
  ];

describe.each(queues)('a queue %s', (_, newQueue) => {
  const item = (level: Level, n: number) => ({
    topic: 't',
    payload: String(n).padStart(10, '0'),
    isRecord: false,
    isImportant: level === 'Warning' || level === 'Error',
  });
  const drain = (queue: Queue) => {
    const said = [];
    for (let next = queue.take(); next; next = queue.take()) said.push(Number(next.payload));
    return said;
  };

  test('gives back what it was given, in order', async () => {
    const queue = await newQueue();
    const numbers = Array.from({ length: 5000 }, (__, n) => n);
    for (const n of numbers.slice(0, 3000)) queue.add(item('Warning', n));
    const first = Array.from({ length: 2500 }, () => Number(queue.take()?.payload));
    for (const n of numbers.slice(3000)) queue.add(item('Warning', n));
    expect([...first, ...drain(queue)]).toEqual(numbers);
    expect(queue.take()).toBeUndefined();
  });

  test('makes room from what matters least, and counts', async () => {
    const queue = await newQueue(40);
    queue.add(item('Warning', 1));
    queue.add(item('Information', 2));
    queue.add(item('Error', 3));
    queue.add(item('Debug', 4));
    queue.add(item('Warning', 5));
    queue.add(item('Warning', 6));
    queue.add(item('Warning', 7));
    expect(queue.dropped).toBe(3);
    expect(drain(queue)).toEqual([3, 5, 6, 7]);
  });

  test('never drops an announcement that it accepted, and refuses one without room', async () => {
    const queue = await newQueue(20, 60);
    const offer = (n: number, owner: string) => queue.offer({ ...item('Warning', n), owner });
    // An owner may have as much as is still free: half of it, then a third ...
    expect([1, 2, 3, 4].map((n) => offer(n, 'flood'))).toEqual([true, true, true, false]);
    expect([11, 12].map((n) => offer(n, 'second'))).toEqual([true, false]);
    expect([21, 22].map((n) => offer(n, 'third'))).toEqual([true, false]);
    for (let n = 50; n < 60; n += 1) queue.add(item(n === 50 ? 'Error' : 'Debug', n));
    expect(queue.dropped).toBe(8);
    expect(drain(queue)).toEqual([1, 2, 3, 11, 21, 50, 59]);
  });
});

/** A way out that acknowledges, denies or swallows by the payload's number. */
function wayOut(answer: (n: number) => 'yes' | 'no' | 'silence') {
  const sent: number[] = [];
  const transport: Transport = {
    publish: async (__, payload) => {
      const { message } = JSON.parse(payload);
      sent.push(Number(message));
      const said = answer(Number(message));
      if (said === 'no') throw new PublicationDenied('denied');
      if (said === 'silence') await new Promise(() => undefined);
      return { heard: 'unknown' };
    },
    broken: new Promise(() => undefined),
    isProof: true,
    close: () => Promise.resolve(),
  };
  return { sent, transport };
}

/** What a publisher has come to. */
async function ended(publisher: Publisher) {
  await publisher.close();
  return publisher.result();
}

describe('a publisher with a spool', () => {
  const names = { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' };
  const newPublisher = () =>
    new Publisher({ payload: { names, source: 's', context: {} }, timeout: 100, maxListed: 10 });
  const levelOf = (n: number): Level => (n % 2 === 0 ? 'Information' : 'Warning');

  test('sends what an earlier run left first, in order, and nothing twice', async () => {
    const folder = newFolder();
    const first = await storeIn(folder);
    const lost = newPublisher();
    lost.persistTo(new Spool(first));
    for (const n of [1, 2, 3]) lost.write(record(levelOf(n), String(n)));
    const partly = wayOut((n) => (n === 2 ? 'yes' : n === 1 ? 'silence' : 'no'));
    lost.begin(partly.transport);
    const delivery = await ended(lost);
    expect(delivery).toMatchObject({ delivered: 1, denied: 1, kept: 2, lost: 0 });
    expect(delivery.important.map((payload) => JSON.parse(payload).message)).toEqual(['1', '3']);
    first.close();

    const second = await storeIn(folder);
    const next = newPublisher();
    next.write(record('Information', '4'));
    next.persistTo(new Spool(second));
    const whole = wayOut(() => 'yes');
    next.begin(whole.transport);
    next.write(record('Warning', '5'));
    expect(await ended(next)).toMatchObject({ delivered: 4, kept: 0, lost: 0 });
    expect(whole.sent).toEqual([1, 3, 4, 5]);
    expect(new Spool(second).take()).toBeUndefined();
    second.close();
  });

  test('a record of a transaction that fails never leaves', async () => {
    const store = await storeIn(newFolder());
    const publisher = newPublisher();
    publisher.persistTo(new Spool(store));
    const { sent, transport } = wayOut(() => 'yes');
    publisher.begin(transport);
    expect(() =>
      store.transaction(() => {
        publisher.write(record('Warning', '1'));
        throw new Error('no');
      }),
    ).toThrow('no');
    store.transaction(() => publisher.write(record('Warning', '2')));
    expect((await ended(publisher)).delivered).toBe(1);
    expect(sent).toEqual([2]);
  });

  test('counts as kept only what is in the store, and says what is lost', async () => {
    const store = await storeIn(newFolder());
    const publisher = newPublisher();
    publisher.persistTo(new Spool(store, { limits: { ordinary: 1000, announcements: 2000 } }));
    for (let n = 0; n < 20; n += 1) publisher.write(record('Information', String(n)));
    const accepted = Array.from({ length: 20 }, (_, n) =>
      publisher.offer(record('Warning', String(n)), '1000'),
    );
    expect(accepted.filter(Boolean).length).toBeGreaterThan(0);
    expect(accepted).toContain(false);
    const { kept, lost } = await ended(publisher);
    const rows = Number(store.prepare('SELECT count(*) AS count FROM spool').get()?.['count']);
    expect({ kept, lost }).toEqual({ kept: rows, lost: 20 + accepted.filter(Boolean).length - rows });
    expect(lost).toBeGreaterThan(0);
  });

  test('keeps nothing when the store cannot be read', async () => {
    const store = await storeIn(newFolder());
    const publisher = newPublisher();
    publisher.persistTo(new Spool(store));
    for (const n of [1, 2, 3]) publisher.write(record('Warning', String(n)));
    store.prepare('ALTER TABLE spool RENAME TO elsewhere').run();
    expect(publisher.offer(record('Warning', '4'), '1000')).toBe(false);
    expect(await ended(publisher)).toMatchObject({ kept: 0, lost: 3 });
    store.close();
  });

  test('what a failed transaction has added takes no room', async () => {
    const store = await storeIn(newFolder());
    const spool = new Spool(store, { limits: { ordinary: 100, announcements: 60 } });
    const offer = () =>
      spool.offer({ topic: 't', isRecord: false, payload: '0123456789', isImportant: true, owner: '1000' });
    for (let n = 0; n < 9; n += 1) {
      expect(() =>
        store.transaction(() => {
          expect(offer()).toBe(true);
          throw new Error('no');
        }),
      ).toThrow('no');
    }
    expect(spool.size).toBe(0);
    expect([offer(), offer(), offer(), offer()]).toEqual([true, true, true, false]);
    store.close();
  });

  test('a spool of version 0.1.0 keeps its records, and never drops its alerts', async () => {
    const folder = newFolder();
    const platform = hostPlatform({});
    const old = await openStore(platform, folder, { spool: spoolSchema.slice(0, 1) });
    const add = old.store.prepare('INSERT INTO spool (topic, payload, important) VALUES (?, ?, ?)');
    for (const [n, isImportant] of [1, 0, 1].entries())
      add.run('t', String(n).padStart(10, '0'), isImportant);
    old.store.close();
    const store = await storeIn(folder);
    const spool = new Spool(store, { limits: { ordinary: 10, announcements: 100 } });
    spool.add({ topic: 't', isRecord: false, payload: '0000000009', isImportant: true });
    const payloads = [];
    for (let next = spool.take(); next; next = spool.take()) payloads.push(Number(next.payload));
    expect(payloads).toEqual([0, 2, 9]);
  });

  test('tells once how many records had to make room', async () => {
    const store = await storeIn(newFolder());
    const spool = new Spool(store, { limits: { ordinary: 30, announcements: 100 } });
    for (let n = 0; n < 5; n += 1)
      spool.add({ topic: 't', isRecord: false, payload: '0123456789', isImportant: true });
    expect(spool.takeLosses()).toBe(2);
    expect(new Spool(store).takeLosses()).toBe(0);
  });
});
