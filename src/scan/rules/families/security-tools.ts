/** Tools of security teams: CrowdStrike, VirusTotal, Shodan, Tenable, Wiz, GitGuardian ... */
import type { Rule } from '../rule.ts';
import { opaque } from '../validators/opaque.ts';
import { SECRET, alphanumeric, base64, base64url, hex, spelled, uuid, valueRules } from '../table.ts';

// prettier-ignore
const values = valueRules([
  ['lacework-secret-key', 'Lacework secret key', 'critical', ['lacework', 'lw_api'], { of: 'A-Za-z0-9_', length: [30, 40] }, 'under "Settings, API keys" of Lacework', 'https://docs.lacework.net/api/api-access-keys-and-tokens', 'secret|token'],
  ['wiz-client-secret', 'Wiz client secret', 'critical', ['wiz_client', 'wiz_api', 'wiz_secret', 'wizclient', 'wiz-client', 'wiz.client'], alphanumeric([48, 72]), 'under "Settings, Service Accounts" of Wiz', 'https://docs.wiz.io/wiz-docs/docs/service-accounts-settings'],
  ['orca-security-token', 'Orca Security API token', 'high', ['orca_', 'orca-', 'orcasec'], base64url([32, 400]), 'under "Settings, Modules, API" of Orca', 'https://docs.orcasecurity.io/', SECRET],
  ['tenable-key', 'Tenable access or secret key', 'high', ['tenable', 'nessus'], hex(64), 'under "My Account, API Keys" of Tenable', 'https://docs.tenable.com/vulnerability-management/Content/Settings/my-account/GenerateAPIKey.htm'],
  ['qualys-password', 'Qualys API password', 'critical', ['qualys'], { of: 'A-Za-z0-9!@#$%^&*_-', length: [8, 64] }, 'under "Users" of Qualys', 'https://docs.qualys.com/en/vm/api/', 'pass|pwd'],
  ['crowdstrike-client-secret', 'CrowdStrike Falcon client secret', 'critical', ['falcon', 'crowdstrike', 'cs_client'], alphanumeric(40), 'under "Support and resources, API clients and keys" of Falcon', 'https://developer.crowdstrike.com/docs/openapi/', SECRET],
  ['sentinelone-api-token', 'SentinelOne API token', 'critical', spelled('sentinel one', 's1 api'), alphanumeric([80, 120]), 'under "Settings, Users" of SentinelOne', 'https://docs.sentinelone.com/'],
  ['virustotal-api-key', 'VirusTotal API key', 'medium', [...spelled('virus total', 'vt api', 'vt key'), 'vtapi', 'x-apikey'], hex(64), 'under "API key" of the VirusTotal user', 'https://docs.virustotal.com/reference/authentication', `${SECRET}|api`],
  ['shodan-api-key', 'Shodan API key', 'medium', ['shodan'], alphanumeric(32), 'under "Account" of Shodan', 'https://developer.shodan.io/api/introduction'],
  ['censys-api-secret', 'Censys API secret', 'medium', ['censys'], { of: 'A-Za-z0-9_-', length: [30, 64] }, 'under "My Account, API" of Censys', 'https://docs.censys.com/reference/get-started', SECRET],
  ['greynoise-api-key', 'GreyNoise API key', 'medium', spelled('grey noise'), alphanumeric([50, 72]), 'under "Account" of GreyNoise', 'https://docs.greynoise.io/docs/using-the-greynoise-api'],
  ['abuseipdb-api-key', 'AbuseIPDB API key', 'medium', spelled('abuse ipdb', 'abuse ip db'), hex(80), 'under "Account, API" of AbuseIPDB', 'https://docs.abuseipdb.com/'],
  ['urlscan-api-key', 'urlscan.io API key', 'medium', ['urlscan', 'url_scan'], uuid, 'under "Settings & API" of urlscan.io', 'https://urlscan.io/docs/api/', SECRET],
  ['securitytrails-api-key', 'SecurityTrails API key', 'medium', spelled('security trails'), base64url(32), 'under "Account, Credentials" of SecurityTrails', 'https://docs.securitytrails.com/docs/authentication'],
  ['hibp-api-key', 'Have I Been Pwned API key', 'low', [...spelled('hibp api', 'hibp key'), 'haveibeenpwned', 'hibp'], hex(32), 'under "API key" of Have I Been Pwned', 'https://haveibeenpwned.com/API/v3#Authorisation', 'key'],
  ['detectify-api-key', 'Detectify API key', 'medium', ['detectify'], hex(32), 'under "Team settings, API" of Detectify', 'https://developer.detectify.com/', SECRET],
  ['hackerone-api-token', 'HackerOne API token', 'high', ['hackerone', 'h1_api', 'h1_token'], base64(44), 'under "Settings, API tokens" of HackerOne', 'https://docs.hackerone.com/en/articles/8410331-api-token'],
  ['intruder-api-token', 'Intruder API token', 'medium', spelled('intruder io', 'intruder api', 'intruder token'), { of: 'A-Za-z0-9', length: [32, 64] }, 'under "Account, API access tokens" of Intruder', 'https://developers.intruder.io/docs/creating-an-access-token'],
  ['gitguardian-api-key', 'GitGuardian API key', 'high', spelled('git guardian'), alphanumeric([40, 72]), 'under "API, Personal access tokens" of GitGuardian', 'https://docs.gitguardian.com/api-docs/authentication'],
  ['burp-suite-api-key', 'Burp Suite API key', 'medium', ['burp'], alphanumeric(32), 'under "Users" of Burp Suite', 'https://portswigger.net/burp/documentation/enterprise/', SECRET],
]);

export const securityToolRules: readonly Rule[] = [
  ...values,
  {
    id: 'tenable-header',
    title: 'Tenable access or secret key in a header',
    severity: 'high',
    remediation: 'Make new keys under "My Account, API Keys" of Tenable.',
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
    remediation: 'Reset it under "Account" of Shodan.',
    source: 'https://developer.shodan.io/api/introduction',
    keywords: ['api.shodan.io/'],
    pattern:
      /api\.shodan\.io\/[A-Za-z0-9/_.{}$-]{0,80}\?(?:[A-Za-z0-9_]{1,20}=[^&\s"']{0,60}&){0,3}key=(?<secret>[A-Za-z0-9]{32})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 380 },
    validate: (secret) => opaque(secret, secret),
  },
];
