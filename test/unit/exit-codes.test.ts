import { describe, expect, test } from '@jest/globals';
import { TaskError, describeError } from '../../src/host/exit/task-error.ts';
import { exitCodeOf, exitCodes, exitFor, worstExit } from '../../src/host/exit/exit-table.ts';

describe('exit codes', () => {
  test('are distinct, and none is one that Node or a broken executable ends with', () => {
    const codes = exitCodes.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).not.toContain(1);
    expect(codes).not.toContain(4);
  });

  test('for every pair of outcomes the one written first wins', () => {
    for (const [i, worse] of exitCodes.entries()) {
      for (const better of exitCodes.slice(i)) {
        expect(worstExit([better.name, worse.name])).toBe(worse.name);
      }
    }
    expect(worstExit([])).toBe('ok');
  });

  test('every kind of error has a code, and an unknown error is internal', () => {
    expect(exitCodeOf(exitFor(new TaskError('busy', 'x')))).toBe(75);
    expect(exitCodeOf(exitFor(new TaskError('agent-refused', 'x')))).toBe(77);
    expect(exitCodeOf(exitFor(new RangeError('x')))).toBe(70);
    expect(exitCodeOf(exitFor('thrown text'))).toBe(70);
  });
});

describe('describeError', () => {
  test('is one line of the messages down the causes, none said twice', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED\n127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const middle = new Error('no answer: connect ECONNREFUSED\n127.0.0.1:1', { cause: inner });
    expect(describeError(new TaskError('agent-unreachable', 'the agent', { cause: middle }))).toBe(
      'the agent: no answer: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  test('ends on a circle of causes', () => {
    const error = new Error('a');
    error.cause = error;
    expect(describeError(error)).toBe('a');
  });
});
