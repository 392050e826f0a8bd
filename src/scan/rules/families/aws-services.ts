/**
 * Amazon Web Services and Amazon, except access keys: session tokens, Bedrock, SES, AppSync, Cognito, MWS,
 * presigned URLs.
 */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { secretAccessKey } from '../validators/aws.ts';
import { namedMixed, namedValue } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const bedrock = {
  remediation: 'Deactivate the API key in the IAM console, look for its use in CloudTrail, then delete it.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
} as const;
const ses = {
  severity: 'high',
  remediation:
    'Delete the IAM user behind the SMTP credentials, then create new credentials in the Amazon SES console.',
  source: 'https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html',
} as const;
const seller = {
  remediation:
    'Rotate the credentials of the app in Amazon Seller Central, then let the seller authorize it again.',
  source: 'https://developer-docs.amazon.com/sp-api/docs/rotating-your-apps-lwa-credentials-programmatically',
} as const;

export const awsServiceRules: readonly Rule[] = [
  named({
    id: 'aws-named-secret-key',
    title: 'AWS secret access key',
    severity: 'critical',
    remediation:
      'Deactivate the access key in the IAM console, look for its use in CloudTrail, then delete it.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
    names: ['aws', 'amazon', 's3_', 's3.', 's3-', 's3sec'],
    rest: 'secret|private|(?<=sec)',
    of: 'A-Za-z0-9+/',
    length: 40,
    validate: (secret, context) => (namedValue(secret, context).ok ? secretAccessKey(secret) : rejected),
  }),
  {
    id: 'aws-session-token',
    title: 'AWS session token',
    severity: 'medium',
    remediation:
      'Revoke the active sessions of the role in the IAM console. The token expires within 36 hours.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html',
    // The beginnings of what STS gives out, in base64: they name the origin.
    keywords: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz', 'AQoDYXdz'],
    pattern: new RegExp(
      `${BEFORE}(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz)[A-Za-z0-9+/]{100,2000}={0,2}(?![A-Za-z0-9+/=])`,
    ),
    window: { before: 0, after: 2002 },
    next: { of: 'A-Za-z0-9+/', least: 100, limit: 2000 },
    validate: (secret) => opaque(secret, secret.slice(20), 'temporary'),
  },
  {
    ...bedrock,
    id: 'aws-bedrock-long-term-key',
    title: 'Amazon Bedrock API key (long-term)',
    severity: 'high',
    // `ABSK` and the base64 of `BedrockAPIKey-`.
    keywords: ['ABSKQmVkcm9ja0FQSUtleS'],
    pattern: new RegExp(`${BEFORE}ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{70,300}={0,2}(?![A-Za-z0-9+/=])`),
    window: { before: 0, after: 302 },
    next: { of: 'A-Za-z0-9+/', least: 70 },
    validate: (secret) => opaque(secret, secret.slice(22)),
  },
  prefixed({
    ...bedrock,
    id: 'aws-bedrock-short-term-key',
    title: 'Amazon Bedrock API key (short-term)',
    severity: 'medium',
    prefix: 'bedrock-api-key-',
    of: 'A-Za-z0-9+/=_-',
    length: [40, 2500],
    validate: (secret) =>
      isMixed(secret) ? opaque(secret, secret.slice(60), 'lives for 12 hours') : rejected,
  }),
  {
    ...ses,
    id: 'aws-ses-smtp-password-near-host',
    title: 'Amazon SES SMTP password and host',
    keywords: ['email-smtp.'],
    pattern:
      /email-smtp\.[a-z0-9-]{5,24}\.amazonaws\.com[^]{0,320}?(?<![A-Za-z0-9+/])(?<secret>B[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 410 },
    next: { of: 'a-z0-9-', least: 5 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  named({
    ...ses,
    id: 'aws-ses-smtp-password',
    title: 'Amazon SES SMTP password',
    names: ['ses_', 'ses-', 'ses.', 'smtp', 'sesp', 'mail_', 'email_'],
    rest: 'pass|pwd|secret',
    of: 'A-Za-z0-9+/',
    length: 44,
    validate: (secret, context) => (secret.startsWith('B') ? namedMixed(secret, context) : rejected),
  }),
  named({
    id: 'aws-cognito-client-secret',
    title: 'Amazon Cognito client secret',
    severity: 'high',
    remediation:
      'Add a new secret to the app client in the Amazon Cognito console, switch the app to it, then delete the old secret.',
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html',
    names: ['cognito'],
    rest: 'secret',
    of: 'a-z0-9',
    length: [48, 64],
  }),
  prefixed({
    id: 'aws-appsync-api-key',
    title: 'AWS AppSync API key',
    severity: 'medium',
    remediation:
      'Delete the API key under "Settings" of the API in the AWS AppSync console, then create a new one.',
    source: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
    prefix: 'da2-',
    of: 'a-z0-9',
    length: 26,
  }),
  named({
    id: 'aws-api-gateway-key',
    title: 'Amazon API Gateway key',
    severity: 'medium',
    remediation: 'Delete the API key in the Amazon API Gateway console, then create a new one.',
    source:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html',
    names: ['api_gateway', 'apigateway', 'api-gateway', 'apigw'],
    rest: 'key',
    of: 'A-Za-z0-9',
    length: 40,
    validate: namedMixed,
  }),
  {
    id: 'amazon-mws-token',
    title: 'Amazon MWS authorization token',
    severity: 'high',
    remediation: 'Revoke the authorization under "Manage Your Apps" in Amazon Seller Central.',
    source: 'https://docs.developer.amazonservices.com/en_US/dev_guide/DG_Registering.html',
    keywords: ['amzn.mws.'],
    pattern: new RegExp(`${BEFORE}amzn\\.mws\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 36 },
    next: { of: '0-9a-f-', least: 36 },
    validate: (secret) => opaque(secret, secret.slice(9)),
  },
  prefixed({
    ...seller,
    id: 'amazon-lwa-client-secret',
    title: 'Login with Amazon client secret',
    severity: 'high',
    prefix: 'amzn1.oa2-cs.v1.',
    of: 'a-f0-9',
    length: 64,
  }),
  prefixed({
    ...seller,
    id: 'amazon-lwa-token',
    title: 'Login with Amazon token',
    severity: 'high',
    prefix: ['Atzr|', 'Atza|'],
    of: 'A-Za-z0-9+/=_-',
    length: [100, 2000],
  }),
  {
    id: 'aws-presigned-url',
    title: 'AWS presigned URL',
    severity: 'low',
    remediation:
      'Deactivate the access key that signed the URL, or let the URL expire (after seven days at most).',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html',
    keywords: ['X-Amz-Signature='],
    pattern: /X-Amz-Signature=(?<secret>[0-9a-f]{64})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 64 },
    next: { of: '0-9a-f', least: 64 },
    validate: (secret) => opaque(secret, secret, 'lives for seven days at most'),
  },
];
