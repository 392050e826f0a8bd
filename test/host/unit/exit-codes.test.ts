import { describe, expect, test } from '@jest/globals';
import { TaskError, describeError } from '../../../src/host/exit/task-error.ts';
import { ExitTable, type TaskExit } from '../../../src/host/exit/exit-table.ts';

describe('exit codes', () => {
  const own = [
    { name: 'no-input', code: 66, meaning: 'there is nothing to do', kind: 'failure' },
    { name: 'partial', code: 11, meaning: 'not everything was done', kind: 'verdict' },
  ] as const satisfies readonly TaskExit[];
  const table = new ExitTable(own);

  test('are distinct, and none is one that Node or a broken executable ends with', () => {
    const codes = table.rows.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).not.toContain(1);
    expect(codes).not.toContain(4);
  });

  test('for every pair of outcomes the one written first wins', () => {
    for (const [i, worse] of table.rows.entries()) {
      for (const better of table.rows.slice(i)) {
        expect(table.worst([better.name, worse.name])).toBe(worse.name);
      }
    }
    expect(table.worst([])).toBe('ok');
  });

  test('a failure of the task ranks above a state that cannot be written, a verdict above success alone', () => {
    expect(table.worst(['cannot-write', 'no-input', 'partial'])).toBe('no-input');
    expect(table.worst(['busy', 'no-input'])).toBe('busy');
    expect(table.worst(['unreachable', 'partial'])).toBe('unreachable');
    expect(table.worst(['ok', 'partial'])).toBe('partial');
  });

  test.each([
    ['usage', 64],
    ['config', 78],
    ['busy', 75],
    ['cannot-write', 73],
    ['agent-refused', 77],
    ['agent-reply', 76],
    ['agent-unreachable', 69],
    ['internal', 70],
    ['no-input', 66],
    // A verdict is returned, never thrown.
    ['partial', 70],
    ['no-such-kind', 70],
  ])('an error of the kind %s ends in %i', (kind, code) => {
    expect(table.codeOf(table.exitFor(new TaskError(kind, 'x')))).toBe(code);
  });

  test('anything else that is thrown is internal', () => {
    expect(table.codeOf(table.exitFor(new RangeError('x')))).toBe(70);
    expect(table.codeOf(table.exitFor('thrown text'))).toBe(70);
  });

  test('a verdict counts as completed work, everything else but success does not', () => {
    expect(table.rows.filter(({ code }) => table.isCompleted(code)).map(({ name }) => name)).toEqual([
      'partial',
      'ok',
    ]);
  });

  test.each([
    ['a code that the host has', { name: 'mine', code: 73 }],
    ['a name that the host has', { name: 'busy', code: 20 }],
    ['the code that Node ends with', { name: 'mine', code: 1 }],
    ['the code of a broken executable', { name: 'mine', code: 4 }],
    ['a code that signals have', { name: 'mine', code: 137 }],
    ['no whole number', { name: 'mine', code: 1.5 }],
  ])('a task cannot have %s', (_, row) => {
    expect(() => new ExitTable([{ ...row, meaning: 'x', kind: 'verdict' }])).toThrow(
      `exit code ${row.code} (${row.name})`,
    );
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
