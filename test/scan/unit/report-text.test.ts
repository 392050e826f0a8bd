import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { printable } from '../../../src/host/log/index.ts';
import type { Finding } from '../../../src/scan/model/finding.ts';
import { renderText } from '../../../src/scan/report/index.ts';
import {
  example,
  finding,
  findingInBinary,
  findingInPlaces,
  withOutcome,
} from '../../../fixtures/report-example.ts';

const file = { colour: false, width: 80, isTerminal: false };
const terminal = { ...file, isTerminal: true };

describe('renderText', () => {
  test('the whole report', () => {
    expect(renderText(example, file)).toBe(
      [
        'secrets-scan 1.2.3 on host-1: 3 findings',
        'All findings: high confidence, readable by everyone',
        '',
        'CRITICAL  GitHub token  github-token',
        '  checksum valid',
        '  abababababababab  /home/anna/a b/.env:3:7',
        '                    /home/anna/a b/.env:12:7',
        '  Fix: Revoke it in the settings of its owner.',
        '',
        'MEDIUM  JSON Web Token  jwt',
        '  abababababababab  /home/anna/a b/.env:3:7',
        '  Fix: Let it expire.',
        '',
        'Summary',
        '  found        2 critical, 1 medium in 1 file',
        '  scanned      1,204 files in 12 folders, 45.3 MB, 2.5 s',
        '  skipped      1,200  images',
        '                   3  symbolic link',
        '  not scanned  2  permission denied',
        '                  /root/x',
        '                  ... and 1 more',
        '',
        'Exit code 0: the run completed',
        '',
      ].join('\n'),
    );
  });

  test('a section for each rule, with secrets and their files; nothing is said twice, no line is too long', () => {
    const at = (secret: string, path: string, more: Partial<Finding> = {}): Finding => ({
      ...finding,
      fingerprint: secret.repeat(64),
      path,
      evidence: [],
      ...more,
    });
    const findings = [
      at('1', '/srv/b/.env'),
      at('2', '/srv/a/.env', { files: 3 }),
      at('2', '/srv/a/old/.env', { files: 3 }),
      at('3', '/srv/a/.env', { line: 9, evidence: ['checksum valid', 'used by the web server'] }),
      at('4', '/x', {
        rule: 'jwt',
        title: 'A rule whose title is longer than a line of eighty columns can hold',
        severity: 'high',
        confidence: 'low',
      }),
      at('5', '/y', { rule: 'jwt-2', title: 'The same remedy', severity: 'low' }),
    ];
    const { rules: known } = example.outcome;
    const rules = [
      ...known,
      ...known.slice(0, 1).map((jwt) => ({ ...jwt, id: 'jwt-2', title: 'The same remedy' })),
    ];
    const outcome = { findings, rules, findingCount: { low: 1, medium: 0, high: 1, critical: 4 } };
    const text = renderText(withOutcome(outcome), terminal);
    expect(text.split('\n').slice(1, 19)).toEqual([
      'All findings: readable by everyone, high confidence unless noted',
      '',
      'CRITICAL  GitHub token  github-token',
      '  2222222222222222  /srv/a/.env:3:7  in 3 files',
      '                    /srv/a/old/.env:3:7',
      '  3333333333333333  /srv/a/.env:9:7  checksum valid, used by the web server',
      '  1111111111111111  /srv/b/.env:3:7',
      '  Fix: Revoke it in the settings of its owner.',
      '',
      'HIGH  A rule whose title is longer than a line of eighty columns can hold  jwt',
      '  4444444444444444  /x:3:7  low confidence',
      '  Fix: Let it expire.',
      '',
      'LOW  The same remedy  jwt-2',
      '  5555555555555555  /y:3:7',
      '  Fix: as for JSON Web Token',
      '',
      'Summary',
    ]);
    for (const width of [60, 80, 200]) {
      const lines = renderText(withOutcome(outcome), { ...terminal, width }).split('\n');
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  test('only a terminal shortens a path, and shows it once for neighbours', () => {
    const path = `/home/${'文/'.repeat(40)}.env`;
    const findings = [
      { ...finding, path },
      { ...finding, path, line: 9, fingerprint: 'cd'.repeat(32) },
    ];
    const input = withOutcome({ findings, findingCount: { low: 0, medium: 0, high: 0, critical: 2 } });
    expect(renderText(input, file).match(new RegExp(path, 'g'))).toHaveLength(2);
    const rows = renderText(input, terminal).split('\n').slice(4, 7);
    expect(rows).toEqual([
      expect.stringMatching(/^ {2}(?:ab){8} {2}\/home\/文.*\.\.\..*\/文\/\.env:3:7$/),
      expect.stringMatching(/^ {2}(?:cd){8} {50,}:9:7$/),
      expect.stringMatching(/Fix/),
    ]);
  });

  test('the findings of one owner hide none of another, and what is not shown is counted by owner', () => {
    const flood = Array.from({ length: 300 }, (_, line) => ({
      ...finding,
      fingerprint: String(line).padStart(64, '0'),
      line: line + 1,
      owner: '1000',
    }));
    const other = { ...finding, severity: 'low' as const, path: '/home/zoe/notes', owner: '1001' };
    const findingCount = { low: 1, medium: 0, high: 0, critical: 300 };
    const text = renderText(withOutcome({ findings: [...flood, other], findingCount }), file);
    expect(text).toContain('/home/zoe/notes');
    expect(text).toContain(
      '101 more findings: see a report file (--report=FILE)\n  101 in files of owner 1000\n',
    );
    expect(text).toContain('All that are shown: ');
  });

  test('of a secret in hundreds of files, a few are shown', () => {
    const copies = Array.from({ length: 300 }, (_, copy) => ({
      ...finding,
      path: `/t/${copy}.jsonl`,
      files: 300,
    }));
    const findingCount = { low: 0, medium: 0, high: 0, critical: 300 };
    const text = renderText(withOutcome({ findings: copies, findingCount }), file);
    expect(text.match(/\.jsonl:/g)).toHaveLength(10);
    expect(text.split('Summary')[0]?.match(/in 300 files/g)).toHaveLength(1);
    expect(text).toContain('290 more findings: see a report file (--report=FILE)\n');
  });

  test('findings in files of packages come last, and nothing is to be done about them', () => {
    const shipped = {
      ...finding,
      rule: 'jwt',
      title: 'JSON Web Token',
      severity: 'low' as const,
      path: '/lib/a',
      shippedBy: 'acme 1.2',
      evidence: ['shipped by acme 1.2'],
    };
    const low = { ...finding, severity: 'low' as const, path: '/z' };
    const findingCount = { low: 1, medium: 0, high: 0, critical: 0 };
    const text = renderText(withOutcome({ findings: [shipped, low], findingCount, shipped: 1 }), file);
    expect(text).toMatch(
      /: 1 finding\n.*\nLOW {2}GitHub token.*\/z:.*\nSHIPPED .* \(1\)\n {2}\w+ {2}\/lib\/a:/s,
    );
    expect(text).toContain('JSON Web Token, acme 1.2');
    expect(text).toContain(
      '1 low in 1 file\n               1 in unmodified files of packages, not counted\n',
    );
    expect(text).not.toMatch(/Let it expire|shipped by/);
  });

  test('a finding says in how many places its secret is', () => {
    const text = renderText(withOutcome({ findings: [findingInPlaces] }), { ...file, width: 200 });
    expect(text).toContain('/.env:3:7  high confidence, ');
    expect(text).toContain('readable by everyone, 5,000 times in this file, in 3 files\n');
  });

  test('a finding in a binary has its byte', () => {
    expect(renderText(withOutcome({ findings: [findingInBinary] }), file)).toContain(
      '  /home/anna/tool:byte 4000\n',
    );
  });

  test('nothing found: said as such only if everything was scanned', () => {
    const complete = {
      folders: 1,
      files: 1,
      unchanged: 0,
      bytes: 999,
      inside: { entries: 0, skipped: {} },
      skipped: {},
      unexamined: {},
      gaps: [],
    };
    const findingCount = { low: 0, medium: 0, high: 0, critical: 0 };
    const text = renderText(withOutcome({ findings: [], findingCount, coverage: complete }), file);
    expect(text).toMatch(/: no findings\n/);
    expect(text).toContain('  scanned      1 file in 1 folder, 999 B, 2.5 s\n');
    const alone = renderText(
      withOutcome({ findings: [], findingCount, coverage: { ...complete, folders: 0 } }),
      file,
    );
    expect(alone).toContain('  scanned      1 file, 999 B, 2.5 s\n');
    expect(text).not.toMatch(/Fix|All|skipped|not scanned|more/);
    expect(renderText(withOutcome({ findings: [], findingCount }), file)).toMatch(
      /: no findings, but not everything could be scanned\n/,
    );
  });

  test.each([
    [1000, '1.0 kB'],
    [999_999, '1.0 MB'],
    [1_250_000, '1.3 MB'],
    [8_400_000_000, '8.4 GB'],
  ])('%d bytes', (bytes, size) => {
    const coverage = { ...example.outcome.coverage, bytes };
    expect(renderText(withOutcome({ coverage }), file)).toContain(`folders, ${size}, `);
  });

  test('is bounded, and says how much is left out', () => {
    const findings = Array.from({ length: 500 }, (_, line) => ({
      ...finding,
      fingerprint: String(line).padStart(64, '0'),
      line: line + 1,
    }));
    const gaps = Array.from({ length: 90 }, (_, index) => ({ path: `/x${index}`, reason: 'busy' }));
    const coverage = { ...example.outcome.coverage, unexamined: { busy: 1090 }, gaps };
    const findingCount = { low: 0, medium: 0, high: 0, critical: 12_500 };
    const text = renderText(withOutcome({ findings, findingCount, coverage }), file);
    expect(text.match(/\.env:/g)).toHaveLength(200);
    expect(text).toContain('  found        12,500 critical\n');
    expect(text).toContain('\n12,300 more findings: ');
    expect(text).toContain('... and 1,070 more\n');
    expect(text.split('\n').length).toBeLessThan(250);
  });

  test('colour adds nothing but escape sequences', () => {
    const coloured = renderText(example, { ...terminal, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(renderText(example, terminal));
  });

  test('no name controls the terminal, whichever field contains it', () => {
    const evil = '\u001b]0;x\u0007\r\n\u202e\u2066\u009b31m\u2028\ud800';
    const [rule] = example.outcome.rules;
    const evilFinding = {
      ...finding,
      rule: 'jwt',
      path: evil,
      title: evil,
      evidence: [evil],
      exposure: [evil],
      fingerprint: evil,
    };
    const text = renderText(
      {
        ...example,
        tool: { name: evil, version: evil },
        host: { name: evil, os: 'linux' },
        outcome: {
          ...example.outcome,
          rules: rule ? [{ ...rule, title: evil, remediation: evil, source: evil }] : [],
          findings: [evilFinding, { ...evilFinding, shippedBy: evil }],
          shipped: 1,
          coverage: {
            ...example.outcome.coverage,
            skipped: { [evil]: 1 },
            unexamined: { [evil]: 1 },
            gaps: [{ path: evil, reason: evil }],
          },
          omitted: { [evil]: 4 },
          suppressed: { [evil]: 1 },
        },
      },
      terminal,
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
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
