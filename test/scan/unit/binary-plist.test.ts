/** Binary property lists, written by Python, as XML; damaged and hostile ones end. */
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { ContainerError, type ContainerBytes } from '../../../src/scan/containers/container.ts';
import { binaryPlist } from '../../../src/scan/containers/readers/binary-plist.ts';

/** A binary list of a Python expression. */
function listOf(expression: string): Buffer {
  const script = `import sys,plistlib,datetime;sys.stdout.buffer.write(plistlib.dumps(${expression},fmt=plistlib.FMT_BINARY))`;
  return execFileSync('python3', ['-c', script]);
}

function bytesOf(buffer: Buffer): ContainerBytes {
  return {
    size: buffer.length,
    read: (target, offset, length, position) => {
      const part = buffer.subarray(position, position + length);
      target.set(part, offset);
      return part.length;
    },
  };
}

/** @param most bytes after which the reader of the text stops */
async function textOf(buffer: Buffer, most = Infinity): Promise<string> {
  let text = '';
  const limits = { memoryBytes: 1_000_000, isOver: () => false };
  for await (const { name, content } of binaryPlist.read(bytesOf(buffer), 'x.plist', limits)) {
    expect(name).toBe('plist.xml');
    if (typeof content === 'string') throw new TypeError(content);
    for await (const piece of content) {
      text += Buffer.from(piece).toString('utf8');
      if (text.length > most) return text;
    }
  }
  return text;
}

const JOB = `{'Label': 'com.example.job', 'EnvironmentVariables': {'DB_HOST': 'a<b&c', 'Größe': 'é文'},
  'ProgramArguments': ['/usr/bin/job'] + ['x' * 300] * 20, 'KeepAlive': True, 'Nice': -5, 'Big': 2**40, 'Real': 1.5,
  'Data': bytes([0, 255]), 'When': datetime.datetime(2026, 11, 30)}`;

test('all kinds of values, as XML', async () => {
  const text = await textOf(listOf(JOB));
  expect(text).toContain(
    '\t<key>EnvironmentVariables</key>\n\t<dict>\n\t\t<key>DB_HOST</key>\n\t\t<string>a&lt;b&amp;c</string>\n',
  );
  expect(text).toContain('<key>Größe</key>\n\t\t<string>é文</string>\n\t</dict>');
  expect(text.match(/\t\t<string>x{300}<\/string>\n/g)).toHaveLength(20);
  for (const value of ['<true/>', '<integer>-5<', '<integer>1099511627776<', '<real>1.5<', '<data>AP8=<']) {
    expect(text).toContain(value);
  }
  expect(text.startsWith('<plist version="1.0">\n<dict>\n')).toBe(true);
  expect(text.endsWith('</dict>\n</plist>\n')).toBe(true);
});

test('a list of lists that are all the same one grows no faster than it is read', async () => {
  const bomb = listOf(
    `(lambda f: f(f, 40))(lambda f, n: (lambda one: [one] * 9)(f(f, n - 1)) if n else 'x')`,
  );
  expect(bomb.length).toBeLessThan(2000);
  expect((await textOf(bomb, 200_000)).length).toBeGreaterThan(200_000);
});

test('every damaged list ends, and only in this way', async () => {
  const sound = listOf(`{'a': ['b', 1, True, 1.5, b'x', 'é'], 'c': {'d': 'e' * 20}}`);
  const broken = Array.from({ length: sound.length }, (_, at) => [
    sound.subarray(0, at),
    ...[0, 0x7f, 0xdf, 0xff].map((value) => Buffer.from(sound).fill(value, at, at + 1)),
  ]).flat();
  const reasons = new Map<string, number>();
  for (const list of broken) {
    try {
      await textOf(list, 1_000_000);
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      reasons.set(error.reason, (reasons.get(error.reason) ?? 0) + 1);
    }
  }
  expect(reasons.get('damaged')).toBeGreaterThan(100);
  expect(reasons.get('container-limit')).toBeGreaterThan(0);
});
