/** A finished run for the tests of the reports. */
import type { ReportInput } from '../../../src/scan/report/index.ts';
import type { Finding } from '../../../src/scan/model/finding.ts';

export const finding: Finding = {
  rule: 'github-token',
  title: 'GitHub token',
  severity: 'critical',
  confidence: 'high',
  path: '/home/anna/a b/.env',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 47,
  fingerprint: 'ab'.repeat(32),
  evidence: ['checksum valid'],
  exposure: ['readable by everyone'],
};

/** One in a binary. */
export const findingInBinary: Finding = {
  ...finding,
  path: '/home/anna/tool',
  line: 1,
  column: 4001,
  endLine: 1,
  endColumn: 4081,
  bytes: { offset: 4000, length: 80 },
};

export const example: ReportInput = {
  tool: { name: 'secrets-scan', version: '1.2.3' },
  host: { name: 'host-1', os: 'linux' },
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T03:04:07.500Z',
  exitCode: 0,
  exitMeaning: 'the run completed',
  outcome: {
    rules: [
      {
        id: 'jwt',
        title: 'JSON Web Token',
        severity: 'medium',
        remediation: 'Let it expire.',
        source: 'RFC 7519',
      },
      {
        id: 'github-token',
        title: 'GitHub token',
        severity: 'critical',
        remediation: 'Revoke it in the settings of its owner.',
        source: 'https://docs.github.com/tokens',
      },
    ],
    findings: [
      { ...finding, rule: 'jwt', title: 'JSON Web Token', severity: 'medium', evidence: [] },
      { ...finding, line: 12, endLine: 12 },
      finding,
    ],
    findingCount: { low: 0, medium: 1, high: 0, critical: 2 },
    suppressed: {},
    fingerprintKey: '0123456789abcdef',
    coverage: {
      folders: 12,
      files: 1204,
      unchanged: 0,
      bytes: 45_300_000,
      skipped: { 'symbolic-link': 3, binary: 1200 },
      unexamined: { 'permission-denied': 2 },
      gaps: [{ path: '/root/x', reason: 'permission-denied' }],
    },
  },
};

/** The example with other values for some keys of its outcome. */
export function withOutcome(change: Partial<ReportInput['outcome']>): ReportInput {
  return { ...example, outcome: { ...example.outcome, ...change } };
}
