import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { printable } from '../../../src/host/log/index.ts';
import { renderText } from '../../../src/scan/report/index.ts';
import {
  example,
  finding,
  findingInBinary,
  findingInPlaces,
  withOutcome,
} from '../../../fixtures/report-example.ts';

const plain = { colour: false };

describe('renderText', () => {
  test('the whole report', () => {
    expect(renderText(example, plain)).toBe(
      [
        'secrets-scan 1.2.3 on host-1: 3 findings in 2.5 s',
        '',
        'CRITICAL (2)',
        '  /home/anna/a b/.env:3:7   GitHub token  high confidence, checksum valid, readable by everyone',
        '  /home/anna/a b/.env:12:7  GitHub token  high confidence, checksum valid, readable by everyone',
        '',
        'MEDIUM (1)',
        '  /home/anna/a b/.env:3:7  JSON Web Token  high confidence, readable by everyone',
        '',
        'What to do',
        '  GitHub token github-token',
        '    Revoke it in the settings of its owner.',
        '    https://docs.github.com/tokens',
        '  JSON Web Token jwt',
        '    Let it expire.',
        '    RFC 7519',
        '',
        'Coverage',
        '  examined      1,204 files in 12 folders, 45.3 MB',
        '  skipped       1,200  binary',
        '                    3  symbolic-link',
        '  not examined  2  permission-denied',
        '    /root/x  permission-denied',
        '    ... and 1 more',
        '',
        'Exit code 0: the run completed',
        '',
      ].join('\n'),
    );
  });

  test('the findings of one owner hide none of another, and what is not shown is counted by owner', () => {
    const flood = Array.from({ length: 300 }, (_, line) => ({ ...finding, line: line + 1, owner: '1000' }));
    const other = { ...finding, severity: 'low' as const, path: '/home/zoe/notes', owner: '1001' };
    const findingCount = { low: 1, medium: 0, high: 0, critical: 300 };
    const text = renderText(withOutcome({ findings: [...flood, other], findingCount }), plain);
    expect(text).toContain('/home/zoe/notes');
    expect(text).toContain('... and 101 more\n  101 in files of owner 1000 are not shown\n');
  });

  test('findings in files of packages come last, and nothing is to be done about them', () => {
    const shipped = {
      ...finding,
      rule: 'jwt',
      severity: 'low' as const,
      path: '/lib/a',
      shippedBy: 'acme 1.2',
    };
    const low = { ...finding, severity: 'low' as const, path: '/z' };
    const findingCount = { low: 1, medium: 0, high: 0, critical: 0 };
    const text = renderText(withOutcome({ findings: [shipped, low], findingCount, shipped: 1 }), plain);
    expect(text).toMatch(/: 1 finding in .*LOW \(1\)\n {2}\/z:.*SHIPPED BY PACKAGES.* \(1\)\n {2}\/lib\/a:/s);
    expect(text).toContain('  shipped       1 finding in files of packages\n');
    expect(text).not.toContain('Let it expire');
  });

  test('a finding says in how many places its secret is', () => {
    const text = renderText(withOutcome({ findings: [findingInPlaces] }), plain);
    expect(text).toContain('/.env:3:7  GitHub token');
    expect(text).toContain('readable by everyone, 5,000 times in this file, in 3 files\n');
  });

  test('a finding in a binary has its byte', () => {
    const text = renderText(withOutcome({ findings: [findingInBinary] }), plain);
    expect(text).toContain('  /home/anna/tool:byte 4000  GitHub token');
  });

  test('nothing found, nothing left out', () => {
    const coverage = {
      folders: 1,
      files: 1,
      unchanged: 0,
      bytes: 999,
      skipped: {},
      unexamined: {},
      gaps: [],
    };
    const findingCount = { low: 0, medium: 0, high: 0, critical: 0 };
    const text = renderText(withOutcome({ findings: [], findingCount, coverage }), plain);
    expect(text).toContain('no findings');
    expect(text).toContain('  examined      1 file in 1 folder, 999 B\n');
    expect(text).not.toMatch(/What to do|skipped|not examined|more/);
  });

  test.each([
    [1000, '1.0 kB'],
    [1_250_000, '1.3 MB'],
    [8_400_000_000, '8,400.0 MB'],
  ])('%d bytes', (bytes, size) => {
    const coverage = { ...example.outcome.coverage, bytes };
    expect(renderText(withOutcome({ coverage }), plain)).toContain(`folders, ${size}\n`);
  });

  test('is bounded, and says how much is left out', () => {
    const findings = Array.from({ length: 500 }, (_, line) => ({ ...finding, line: line + 1 }));
    const gaps = Array.from({ length: 90 }, (_, index) => ({ path: `/x${index}`, reason: 'busy' }));
    const coverage = { ...example.outcome.coverage, unexamined: { busy: 1090 }, gaps };
    const findingCount = { low: 0, medium: 0, high: 0, critical: 12_500 };
    const text = renderText(withOutcome({ findings, findingCount, coverage }), plain);
    expect(text.match(/\.env:/g)).toHaveLength(200);
    expect(text).toContain('CRITICAL (12,500)');
    expect(text).toContain('\n... and 12,300 more\n');
    expect(text).toContain('    ... and 1,070 more\n');
    expect(text.split('\n').length).toBeLessThan(250);
  });

  test('one long path does not push the others to the right', () => {
    const findings = [finding, { ...finding, path: `/${'long/'.repeat(100)}x` }];
    const text = renderText(withOutcome({ findings }), plain);
    expect(text).toContain('  /home/anna/a b/.env:3:7  GitHub token');
  });

  test('colour adds nothing but escape sequences', () => {
    const coloured = renderText(example, { colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(renderText(example, plain));
  });

  test('no name controls the terminal, whichever field contains it', () => {
    const evil = '\u001b]0;x\u0007\r\n\u202e\u2066\u009b31m\u2028\ud800';
    const [rule] = example.outcome.rules;
    const text = renderText(
      {
        ...example,
        tool: { name: evil, version: evil },
        host: { name: evil, os: 'linux' },
        outcome: {
          ...example.outcome,
          rules: rule ? [{ ...rule, title: evil, remediation: evil, source: evil }] : [],
          findings: [{ ...finding, rule: 'jwt', path: evil, title: evil, evidence: [evil] }],
          coverage: {
            ...example.outcome.coverage,
            skipped: { [evil]: 1 },
            unexamined: { [evil]: 1 },
            gaps: [{ path: evil, reason: evil }],
          },
        },
      },
      plain,
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(text.split('\n').length).toBe(renderText(example, plain).split('\n').length - 7);
  });
});

describe('printable', () => {
  test.each([
    ['C:\\Users\\Zoë\\文件 😀', 'C:\\Users\\Zoë\\文件 😀'],
    ['a\u001b[2Jb', 'a\\u001b[2Jb'],
    ['\u007f\u0085\u200b\ufeff', '\\u007f\\u0085\\u200b\\ufeff'],
    ['gpj.\u202eexe', 'gpj.\\u202eexe'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['\ud83d', '\\ud83d'],
  ])('%j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
