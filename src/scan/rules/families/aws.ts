/** Amazon Web Services: access key ids, and the secret keys that belong to them. */
import type { Rule } from '../model/rule.ts';
import { accessKeyId, secretAccessKey } from '../validators/aws.ts';

const source = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html';
const remediation =
  'Deactivate the access key in the IAM console, look for its use in CloudTrail, then delete it. Use roles and short-lived credentials instead.';

const secretKey = {
  title: 'AWS secret access key',
  severity: 'critical',
  remediation,
  source,
  validate: secretAccessKey,
} as const;

export const awsRules: readonly Rule[] = [
  {
    ...secretKey,
    id: 'aws-secret-access-key',
    // The names of the CLI, the SDKs, the console's CSV file, CloudFormation and IAM's JSON, each with what assigns to it.
    keywords: [
      'ecret_access_key',
      'ECRET_ACCESS_KEY',
      'ecretAccessKey',
      'ecret access key',
      'aws_secret_key',
      'AWS_SECRET_KEY',
      'awsSecretKey',
    ],
    pattern:
      /(?:[Ss]ecret_access_key|SECRET_ACCESS_KEY|[Ss]ecretAccessKey|[Ss]ecret access key|aws_secret_key|AWS_SECRET_KEY|awsSecretKey)["'\\>\]]{0,4}[\t ]{0,20}(?:=>|:=|[=:,>]|<[a-z]{1,16}>)[\t ]{0,20}["'\\]{0,3}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
    window: { before: 16, after: 128 },
  },
  {
    ...secretKey,
    id: 'aws-secret-access-key-near-id',
    title: 'AWS access key ID and secret access key',
    keywords: ['AKIA', 'ASIA'],
    // Up to 120 bytes between the two: the next line of a file, the next column of a table, the next argument of a call.
    pattern:
      /(?<![A-Za-z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])[^]{0,120}?(?<![A-Za-z0-9/+]|[A-Za-z0-9/+]{22}={1,2})(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
    window: { before: 0, after: 192 },
    next: { of: 'A-Z2-7', least: 16 },
  },
  {
    id: 'aws-access-key-id',
    title: 'AWS access key ID',
    // It opens nothing without its secret key, and it names the account that should look for that.
    severity: 'medium',
    remediation,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
    keywords: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?<![A-Za-z0-9])(?:A[KSB]IA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/,
    window: { before: 0, after: 16 },
    next: { of: 'A-Z2-7', least: 16 },
    validate: accessKeyId,
  },
];
