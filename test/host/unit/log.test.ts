import { describe, expect, test } from '@jest/globals';
import { logPayload } from '../../../src/host/delivery/log-payload.ts';
import {
  type LogEvent,
  type LogRecord,
  Logger,
  type Sink,
  redactor,
  terminalSink,
} from '../../../src/host/log/index.ts';

/** Keeps the records, in order. */
function memorySink(): Sink & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { records, write: (record) => void records.push(record) };
}

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), monotonic: () => 0 };
const event = (level: LogEvent['level']): LogEvent => ({
  id: 'thing.happened',
  level,
  text: 'Thing happened',
});
const logger = (minimum: LogEvent['level'] = 'Debug') =>
  new Logger({ clock, minimum, redact: redactor((text) => text.replaceAll('s3cret', '[redacted]')) });

describe('logger', () => {
  test('a record has a stable event, a time and its fields, and repeats them in the message', () => {
    const { log, ...rest } = { log: logger(), sink: memorySink() };
    log.attach(rest.sink);
    log.log(event('Warning'), { path: '/a b', count: 3, by: { x: 1, y: 2 }, none: null, empty: {} });
    const [record] = rest.sink.records;
    expect(record).toMatchObject({
      timestamp: '2026-01-02T03:04:05.006Z',
      level: 'Warning',
      event: 'thing.happened',
      message: 'Thing happened: path="/a b" count=3 by=x:1,y:2 none=null empty=none',
      fields: { path: '/a b', count: 3, by: { x: 1, y: 2 }, none: null },
    });
    expect(record?.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('every sink gets what was logged before it came, until the logger is sealed', () => {
    const log = logger();
    log.log(event('Warning'), { n: 1 });
    const early = memorySink();
    log.attach(early);
    log.log(event('Warning'), { n: 2 });
    const late = memorySink();
    log.attach(late);
    log.seal();
    const afterSeal = memorySink();
    log.attach(afterSeal);
    log.log(event('Warning'), { n: 3 });
    expect(early.records.map(({ fields }) => fields['n'])).toEqual([1, 2, 3]);
    expect(late.records).toEqual(early.records);
    expect(afterSeal.records.map(({ fields }) => fields['n'])).toEqual([3]);
  });

  test('records below the minimum are not made', () => {
    const log = logger('Warning');
    const sink = memorySink();
    log.attach(sink);
    for (const level of ['Debug', 'Information', 'Warning', 'Error', 'Critical'] as const)
      log.log(event(level));
    expect(sink.records.map(({ level }) => level)).toEqual(['Warning', 'Error', 'Critical']);
  });

  test('no sink sees a secret, in the fields or in the message', () => {
    const log = logger();
    const sink = memorySink();
    let printed = '';
    log.attach(sink);
    log.attach(terminalSink({ write: (text: string) => (printed += text) }));
    log.log(event('Error'), { path: '/home/s3cret.txt', url: 'https://user:pass@127.0.0.1/x' });
    expect(JSON.stringify(sink.records) + printed).not.toMatch(/s3cret|user:pass/);
    expect(sink.records[0]?.fields).toEqual({
      path: '/home/[redacted].txt',
      url: 'https://[redacted]@127.0.0.1/x',
    });
  });

  test('control characters cannot forge a line on the terminal', () => {
    const log = logger();
    let printed = '';
    log.attach(terminalSink({ write: (text: string) => (printed += text) }));
    log.log(event('Error'), { path: 'a\n2026 Critical forged\u001B[2J' });
    expect(printed.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  test('DEL, C1, bidirectional and zero-width characters and lone surrogates never reach a sink as they are', () => {
    const log = logger();
    const sink = memorySink();
    let printed = '';
    log.attach(sink);
    log.attach(terminalSink({ write: (text: string) => (printed += text) }));
    const odd = [
      '\u007f',
      '\u009b31m',
      '\u0085',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2028',
      '\ud800',
      '\u{e0041}',
    ];
    for (const text of odd) log.log(event('Error'), { path: `a${text}b`, counts: { [text]: 1 } });
    const payloads = sink.records.map((record) =>
      logPayload(record, {
        names: { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' },
        source: 'test',
        context: { host: odd.join('') },
      }),
    );
    const shown = printed.replaceAll('\n', '') + payloads.join('');
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(sink.records[1]?.message).toContain('path="a\\u009b31mb"');
    expect(JSON.parse(payloads[1] ?? '').data.path).toBe('a\u009b31mb');
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8192);
  });

  test('a record of odd characters alone stays within the bound of a payload', () => {
    const log = logger();
    const sink = memorySink();
    log.attach(sink);
    log.log(event('Error'), { path: '\u{e0041}\u007f"'.repeat(5000) });
    const [record] = sink.records;
    if (record === undefined) throw new Error('no record');
    const payload = logPayload(record, {
      names: { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' },
      source: 'test',
      context: {},
    });
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(8192);
    expect(JSON.parse(payload)).toMatchObject({ truncated: true });
  });
});
