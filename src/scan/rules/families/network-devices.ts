/** Routers, switches and firewalls: passwords, keys and communities in their configurations. */
import type { RuleDescription } from '../../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { ciscoType7, juniperType9 } from '../validators/network-devices.ts';
import { password } from '../validators/password.ts';
import { accepted, sample } from '../model/verdict.ts';

const remediation =
  'Change the password on the device, and store its configuration where only its administrators can read it.';

interface Line extends RuleDescription, Partial<Pick<Rule, 'validate' | 'confidence' | 'next'>> {
  readonly keywords: readonly string[];
  /** What follows the word that a line of the configuration has, up to the value. */
  readonly line: string;
  readonly value: string;
}

/** A word of a configuration's language and its argument, up to 200 bytes from the one to the other's end. */
function command({ line, value, ...rule }: Line): Rule {
  return {
    validate: password,
    ...rule,
    pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:${line})["']?(?<secret>${value})(?![^\\s"',;\\])}])`),
    window: { before: 48, after: 260 },
  };
}

/** An argument that is a password. */
const ARGUMENT = String.raw`[^\s"'<>{}]{3,80}`;

export const networkDeviceRules: readonly Rule[] = [
  command({
    id: 'cisco-type-7-password',
    title: 'Cisco password (type 7)',
    severity: 'high',
    remediation,
    source:
      'https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html',
    keywords: ['password 7 ', 'key 7 ', 'secret 7 ', 'ascii 7 ', 'string 7 '],
    line: String.raw`[a-z-]{0,24}(?:password|key|secret|ascii|string) 7 {1,2}`,
    value: '[0-5][0-9](?:[0-9A-Fa-f]{2}){3,64}',
    validate: ciscoType7,
  }),
  command({
    id: 'cisco-password-hash',
    title: 'Cisco password hash',
    severity: 'medium',
    remediation,
    source:
      'https://community.cisco.com/t5/networking-knowledge-base/understanding-the-differences-between-the-cisco-password-secret/ta-p/3163238',
    keywords: ['secret 4 ', 'secret 5 ', 'secret 8 ', 'secret 9 ', 'password 5 '],
    line: '(?:secret [4589]|password 5) ',
    value: String.raw`\$1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|\$[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}|[./A-Za-z0-9]{43}`,
    validate: () => accepted('hash'),
  }),
  command({
    id: 'cisco-plain-password',
    title: 'Cisco password',
    severity: 'high',
    remediation,
    source: 'https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/d1/sec-d1-cr-book.html',
    confidence: 'medium',
    keywords: [
      'enable password ',
      'enable secret ',
      'password 0 ',
      'secret 0 ',
      '-server key ',
      'isakmp key ',
      'authentication-key ',
    ],
    line: String.raw`(?<![^\n])enable (?:password|secret) (?:level \d{1,2} )?(?:0 )?(?=\S{1,80}[\t ]{0,4}(?![^\r\n]))|username \S{1,40} (?:privilege \d{1,2} )?(?:password|secret) 0 |(?:password|secret) 0 |(?:tacacs|radius)-server key (?:0 )?|crypto isakmp key (?:0 )?|authentication-key (?:\d{1,5} md5 )?(?:0 )?`,
    value: String.raw`(?![0-9]\s)${ARGUMENT}`,
  }),
  command({
    id: 'juniper-type-9-password',
    title: 'Juniper password (type 9, reversible)',
    severity: 'high',
    remediation,
    source:
      'https://www.juniper.net/documentation/us/en/software/junos/user-access/topics/topic-map/user-access-root-password.html',
    keywords: ['$9$'],
    line: '',
    value: String.raw`\$9\$[A-Za-z0-9./-]{4,120}`,
    validate: juniperType9,
  }),
  command({
    id: 'snmp-community',
    title: 'SNMP community string',
    severity: 'medium',
    remediation:
      'Change the community string on the device, or switch to SNMPv3 with authentication and privacy.',
    source: 'https://www.rfc-editor.org/rfc/rfc3584',
    confidence: 'medium',
    keywords: [
      'snmp-server community ',
      'rocommunity',
      'rwcommunity',
      'com2sec',
      'snmp community ',
      'trapcommunity',
    ],
    line: String.raw`(?:snmp-server|set snmp|snmp) community |(?:ro|rw|trap)community6?[\t ]{1,8}|com2sec6?[\t ]{1,8}(?:-Cn[\t ]\S{1,40}[\t ]{1,8})?\S{1,40}[\t ]{1,8}\S{1,40}[\t ]{1,8}`,
    value: ARGUMENT,
    validate: (secret) =>
      /^(?:public|private)$/.test(secret) ? sample('well-known default') : password(secret),
  }),
  command({
    id: 'snmpv3-passphrase',
    title: 'SNMPv3 passphrase',
    severity: 'medium',
    remediation: 'Change the passphrases of the SNMPv3 user on the device and in the monitoring system.',
    source: 'https://net-snmp.sourceforge.io/wiki/index.php/TUT:SNMPv3_Options',
    confidence: 'medium',
    keywords: ['createUser ', 'snmp-server user '],
    line: String.raw`createUser (?:-e \S{1,64} )?\S{1,40} (?:SHA|MD5)(?:-\d{3})? |snmp-server user \S{1,40} \S{1,40} v3 (?:encrypted )?auth (?:sha|md5)(?:-\d{3})? `,
    value: String.raw`[^\s"'<>{}]{8,80}`,
  }),
  command({
    id: 'fortinet-encrypted-password',
    title: 'Fortinet password (encrypted, possibly with a shared key)',
    severity: 'medium',
    remediation:
      'Change the password on the device, and enable private data encryption with a key of your own.',
    source: 'https://www.fortiguard.com/psirt/FG-IR-19-007',
    keywords: [' ENC '],
    line: String.raw`set [a-z0-9-]{2,32} ENC `,
    value: '[A-Za-z0-9+/]{20,200}={0,2}',
    next: [
      { of: '"\'', least: 0, most: 1 },
      { of: 'A-Za-z0-9+/', least: 20 },
    ],
    validate: () => accepted('encrypted'),
  }),
  command({
    id: 'mikrotik-password',
    title: 'MikroTik password',
    severity: 'high',
    remediation,
    source: 'https://help.mikrotik.com/docs/spaces/ROS/pages/8978504/User',
    confidence: 'medium',
    keywords: ['/user add ', '/ppp secret', 'pre-shared-key=', 'ipsec-secret=', 'add name='],
    line: String.raw`/(?:user add |user[\r\n]{1,2}add name=|ppp secret[\r\n ]{1,2}add )[^\r\n]{0,60}?password=|wpa2?-pre-shared-key=|ipsec-secret=`,
    value: ARGUMENT,
  }),
];
