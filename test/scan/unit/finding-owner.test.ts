/** Whose file it is, and what a report lists of many findings. */
import { describe, expect, test } from '@jest/globals';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { ListedFindings } from '../../../src/scan/findings/listed-findings.ts';
import { ownersOn } from '../../../src/scan/model/file-owner.ts';
import type { Severity } from '../../../src/scan/model/finding.ts';
import { fakePlatform } from '../../fake-platform.ts';

describe('the owner of a file', () => {
  test('is the user, and for subordinate ids the user that they are given to', () => {
    const ownerOf = ownersOn(
      fakePlatform('linux', {
        '/etc/subuid': 'mallory:100000:65536\n1001:300000:10\nldap-user:400000:10\nbroken:x\n',
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nmallory:x:1000:1000::/home/mallory:/bin/sh\n',
      }),
    );
    const owners = [0, 1000, 99_999, 100_000, 165_535, 165_536, 300_009, 400_000].map((uid) =>
      ownerOf('/x', { uid }),
    );
    expect(owners).toEqual(['0', '1000', '99999', '1000', '1000', '165536', '1001', 'ldap-user']);
    expect(ownerOf('/x', undefined)).toBe('unknown');
    expect(ownersOn(fakePlatform('linux', {}))('/x', { uid: 100_000 })).toBe('100000');
  });

  test.each([
    ['C:\\Users\\Mallory\\Desktop\\a.txt', 'mallory'],
    ['\\\\?\\c:\\users\\MALLORY\\a.txt', 'mallory'],
    ['C:\\Users\\a.txt', 'system'],
    ['C:\\ProgramData\\a.txt', 'system'],
  ])('on Windows is the profile of %s', (path, owner) => {
    expect(ownersOn(fakePlatform('windows', {}))(path, { uid: 0 })).toBe(owner);
  });
});

function detection(severity: Severity, line: number): Detection {
  const found = { rule: 'r', title: 't', severity, confidence: 'high', fingerprint: String(line) } as const;
  return { ...found, count: 1, line, column: 1, endLine: line, endColumn: 2, evidence: [] };
}

test('of all findings every owner has a share in the report, the most severe and newest of it', () => {
  const findings = new ListedFindings();
  const add = (owner: string, severity: Severity, line: number, path = `/${owner}`) =>
    findings.add({ ...detection(severity, line), path, exposure: [] }, owner, line);
  add('small', 'low', 1);
  for (let line = 1; line <= 40_000; line += 1) {
    for (const owner of ['a', 'b', 'c', 'd']) add(owner, line === 7 ? 'critical' : 'medium', line);
  }
  findings.count('e', 5);
  const { listed, omitted } = findings.finish(() => 1);
  const byOwner = Map.groupBy(listed, ({ path }) => path.slice(1));
  expect(byOwner.get('small')).toHaveLength(1);
  expect(byOwner.get('a')?.map(({ line }) => line)).toEqual([
    7,
    ...Array.from({ length: 7498 }, (_, n) => 32_503 + n),
  ]);
  expect(omitted).toEqual({ a: 32_501, b: 32_501, c: 32_501, d: 32_501, e: 5 });
});
