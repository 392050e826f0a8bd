/** Windows files: answer files, Group Policy Preferences, and passwords stored by remote-access tools. */
import type { RuleDescription } from '../../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import {
  answerFilePassword,
  encodedPassword,
  groupPolicyPassword,
  mRemotePassword,
  vncPassword,
  winScpPassword,
} from '../validators/windows.ts';
import { password } from '../validators/password.ts';
import { storedPassword } from '../validators/stored-password.ts';

interface Stored
  extends
    Omit<RuleDescription, 'severity' | 'remediation'>,
    Pick<Rule, 'keywords' | 'pattern'>,
    Partial<Pick<Rule, 'confidence'>> {
  readonly validate?: Rule['validate'];
}

/** A password whose match starts at most 430 bytes before, and ends at most 600 after, what tells of it. */
function stored(rule: Stored): Rule {
  return {
    severity: 'high',
    remediation: 'Change the password, then remove it from this file.',
    validate: password,
    ...rule,
    window: { before: 430, after: 600 },
  };
}

export const windowsRules: readonly Rule[] = [
  stored({
    id: 'windows-answer-file-password',
    title: 'Password in a Windows answer file',
    source:
      'https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-shell-setup-autologon-password',
    keywords: ['Password>'],
    pattern: /<(?:Administrator|Domain)?Password>\s{0,80}<Value>(?<secret>[^<>\r\n]{1,300})<\/Value>/,
    validate: answerFilePassword,
  }),
  stored({
    id: 'group-policy-password',
    title: 'Password in Group Policy Preferences',
    source:
      'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-gppref/2c15cbf0-f086-4c74-8b70-1f2fa45dd4be',
    keywords: ['cpassword='],
    pattern: /cpassword="(?<secret>[A-Za-z0-9+/]{20,512}={0,2})"/,
    validate: groupPolicyPassword,
  }),
  stored({
    id: 'windows-autologon-password',
    title: 'Windows autologon password',
    source:
      'https://learn.microsoft.com/en-us/troubleshoot/windows-server/user-profiles-and-logon/turn-on-automatic-logon',
    keywords: ['DefaultPassword'],
    pattern:
      /DefaultPassword["']?(?:[\t ]{0,4}[=,][\t ]{0,4}|[\t ]{1,8}REG_SZ[\t ]{1,8}|[\t ]{1,4}\/t REG_SZ \/d |[\t ]{1,4}(?:-(?:PropertyType|Type) String[\t ]{1,4})?-Value[\t ]{1,4})["']?(?<secret>[^"'\s]{1,128})/,
    confidence: 'medium',
  }),
  stored({
    id: 'winscp-password',
    title: 'WinSCP session password',
    source: 'https://winscp.net/eng/docs/security_credentials',
    keywords: ['Password=A35C', 'Password"="A35C'],
    pattern: /Password(?:=|"=")(?<secret>A35C[0-9A-F]{20,400})(?![0-9A-Za-z])/,
    validate: winScpPassword,
  }),
  stored({
    id: 'filezilla-password',
    title: 'FileZilla site password',
    source: 'https://wiki.filezilla-project.org/Client_Options',
    keywords: ['<Pass encoding="', '<Pass>'],
    pattern: /<Pass(?: encoding="(?<encoding>base64|plain)")?>(?<secret>[^<>\s]{1,200})<\/Pass>/,
    validate: (secret, { groups, path }) =>
      groups['encoding'] === 'base64' ? encodedPassword(secret) : storedPassword(secret, { path }),
  }),
  stored({
    id: 'mremoteng-password',
    title: 'mRemoteNG connection password',
    source: 'https://mremoteng.readthedocs.io/en/latest/user_interface/connections.html',
    keywords: [' Hostname="'],
    pattern: / Password="(?<secret>[A-Za-z0-9+/]{66,400}={0,2})" Hostname="/,
    validate: mRemotePassword,
  }),
  stored({
    id: 'vnc-password',
    title: 'VNC server or viewer password',
    source: 'https://www.rfc-editor.org/rfc/rfc6143#section-7.2.2',
    keywords: ['passwd=', 'passwd2=', 'Password=', 'Password"=hex:'],
    pattern:
      /(?<![A-Za-z0-9])(?:passwd2?=|(?:Control)?Password(?:=|"=hex:))(?<secret>[0-9A-Fa-f]{16}(?:[0-9A-Fa-f]{2})?|(?:[0-9a-f]{2},){7}[0-9a-f]{2})(?![0-9A-Za-z,])/,
    validate: vncPassword,
  }),
];
