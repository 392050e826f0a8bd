/** Tools of security teams: CrowdStrike, VirusTotal, Shodan, Tenable, Wiz, GitGuardian ... */
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';
import {
  SECRETS,
  alphanumeric,
  base64,
  base64url,
  hex,
  spelled,
  uuid,
  valueRules,
} from '../authoring/table.ts';

// prettier-ignore
const values = valueRules([
  ['Lacework', 'secret key', 'critical', ['lacework', 'lw_api'], { of: 'A-Za-z0-9_', length: [30, 40] }, 'https://docs.lacework.net/api/api-access-keys-and-tokens', { rest: 'secret|token', where: 'under "Settings > API keys" in Lacework' }],
  ['Wiz', 'client secret', 'critical', ['wiz_client', 'wiz_api', 'wiz_secret', 'wizclient', 'wiz-client', 'wiz.client'], alphanumeric([48, 72]), 'https://docs.wiz.io/wiz-docs/docs/service-accounts-settings', { where: 'under "Settings > Service Accounts" in Wiz' }],
  ['Orca Security', 'API token', 'high', ['orca_', 'orca-', 'orcasec'], base64url([32, 400]), 'https://docs.orcasecurity.io/', { rest: SECRETS, where: 'under "Settings > Modules > API" in Orca' }],
  ['Tenable', 'access or secret key', 'high', ['tenable', 'nessus'], hex(64), 'https://docs.tenable.com/vulnerability-management/Content/Settings/my-account/GenerateAPIKey.htm', { where: 'under "My Account > API Keys" in Tenable' }],
  ['Qualys', 'API password', 'critical', ['qualys'], { of: 'A-Za-z0-9!@#$%^&*_-', length: [8, 64] }, 'https://docs.qualys.com/en/vm/api/', { rest: 'pass|pwd', where: 'under "Users" in Qualys' }],
  ['CrowdStrike', 'Falcon client secret', 'critical', ['falcon', 'crowdstrike', 'cs_client'], alphanumeric(40), 'https://developer.crowdstrike.com/docs/openapi/', { rest: SECRETS, where: 'under "Support and resources > API clients and keys" in Falcon' }],
  ['SentinelOne', 'API token', 'critical', spelled('sentinel one', 's1 api'), alphanumeric([80, 120]), 'https://docs.sentinelone.com/', { where: 'under "Settings > Users" in SentinelOne' }],
  ['VirusTotal', 'API key', 'medium', [...spelled('virus total', 'vt api', 'vt key'), 'vtapi', 'x-apikey'], hex(64), 'https://docs.virustotal.com/reference/authentication', { rest: `${SECRETS}|api`, where: 'under "API key" in the VirusTotal user menu' }],
  ['Shodan', 'API key', 'medium', ['shodan'], alphanumeric(32), 'https://developer.shodan.io/api/introduction', { where: 'under "Account" in Shodan' }],
  ['Censys', 'API secret', 'medium', ['censys'], base64url([30, 64]), 'https://docs.censys.com/reference/get-started', { rest: SECRETS, where: 'under "My Account > API" in Censys' }],
  ['GreyNoise', 'API key', 'medium', spelled('grey noise'), alphanumeric([50, 72]), 'https://docs.greynoise.io/docs/using-the-greynoise-api', { where: 'under "Account" in GreyNoise' }],
  ['AbuseIPDB', 'API key', 'medium', spelled('abuse ipdb', 'abuse ip db'), hex(80), 'https://docs.abuseipdb.com/', { where: 'under "Account > API" in AbuseIPDB' }],
  ['urlscan.io', 'API key', 'medium', ['urlscan', 'url_scan'], uuid, 'https://urlscan.io/docs/api/', { rest: SECRETS, where: 'under "Settings & API" in urlscan.io' }],
  ['SecurityTrails', 'API key', 'medium', spelled('security trails'), base64url(32), 'https://docs.securitytrails.com/docs/authentication', { where: 'under "Account > Credentials" in SecurityTrails' }],
  ['Have I Been Pwned', 'API key', 'low', [...spelled('hibp api', 'hibp key'), 'haveibeenpwned', 'hibp'], hex(32), 'https://haveibeenpwned.com/API/v3#Authorisation', { rest: 'key', where: 'under "API key" in Have I Been Pwned' }],
  ['Detectify', 'API key', 'medium', ['detectify'], hex(32), 'https://developer.detectify.com/', { rest: SECRETS, where: 'under "Team settings > API" in Detectify' }],
  ['HackerOne', 'API token', 'high', ['hackerone', 'h1_api', 'h1_token'], base64(44), 'https://docs.hackerone.com/en/articles/8410331-api-token', { where: 'under "Settings > API tokens" in HackerOne' }],
  ['Intruder', 'API token', 'medium', spelled('intruder io', 'intruder api', 'intruder token'), alphanumeric([32, 64]), 'https://developers.intruder.io/docs/creating-an-access-token', { where: 'under "Account > API access tokens" in Intruder' }],
  ['GitGuardian', 'API key', 'high', spelled('git guardian'), alphanumeric([40, 72]), 'https://docs.gitguardian.com/api-docs/authentication', { where: 'under "API > Personal access tokens" in GitGuardian' }],
  ['Burp Suite', 'API key', 'medium', ['burp'], alphanumeric(32), 'https://portswigger.net/burp/documentation/enterprise/', { rest: SECRETS, where: 'under "Users" in Burp Suite' }],
]);

export const securityToolRules: readonly Rule[] = [
  ...values,
  {
    id: 'tenable-header',
    title: 'Tenable access or secret key in a header',
    severity: 'high',
    remediation: 'Generate new keys under "My Account > API Keys" in Tenable, which revokes these.',
    source: 'https://developer.tenable.com/docs/authorization',
    keywords: ['accessKey=', 'secretKey='],
    pattern: /(?:access|secret)Key=(?<secret>[a-f0-9]{64})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 64 },
    next: { of: 'a-f0-9', least: 64 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'shodan-url',
    title: 'Shodan API key in a URL',
    severity: 'medium',
    remediation: 'Reset it under "Account" in Shodan, which creates a new one.',
    source: 'https://developer.shodan.io/api/introduction',
    keywords: ['api.shodan.io/'],
    pattern:
      /api\.shodan\.io\/[A-Za-z0-9/_.{}$-]{0,80}\?(?:[A-Za-z0-9_]{1,20}=[^&\s"']{0,60}&){0,3}key=(?<secret>[A-Za-z0-9]{32})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 380 },
    validate: (secret) => opaque(secret, secret),
  },
];
