/** Sessions stored by remote-access programs: RDP, SSH, Citrix, remote support. */
import type { Rule } from '../model/rule.ts';
import { IS, attribute, element, line, member, storedRules } from '../authoring/settings.ts';
import { intelliJPassword, secureCrtPassword } from '../validators/obfuscated.ts';
import { storedPassword } from '../validators/stored-password.ts';
import { type Verdict, accepted, regraded, rejected } from '../model/verdict.ts';

/** What the Data Protection API of Windows writes first: a version and its provider's number. */
const PROTECTED = /^(?:01000000d08c9ddf|AQAAANCMnd8B)/i;

/** Only the Windows user who made it can open it, and so can what runs as this user. */
function protectedByWindows(secret: string): Verdict {
  return PROTECTED.test(secret) ? accepted('encrypted for one Windows user') : rejected;
}

const encoded = { severity: 'medium', validate: () => accepted('encoded') } as const;
const encrypted = { severity: 'medium', validate: () => accepted('encrypted') } as const;

export const remoteAccessRules: readonly Rule[] = storedRules([
  [
    'rdp-password',
    'Password in a Remote Desktop (RDP) file (encrypted)',
    'https://learn.microsoft.com/en-us/azure/virtual-desktop/rdp-properties',
    { extensions: ['rdp'] },
    line(String.raw`(?:gateway)?password 51:b:`, '(?<secret>[0-9A-Fa-f]{64,4096})(?![0-9A-Za-z])'),
    { severity: 'medium', validate: protectedByWindows },
  ],
  [
    'rdp-plain-password',
    'Plaintext password in a Remote Desktop (RDP) file',
    'https://learn.microsoft.com/en-us/azure/virtual-desktop/rdp-properties',
    { extensions: ['rdp'] },
    line(String.raw`(?:clear ?text)?password:s:`),
  ],
  [
    'rdcman-password',
    'Remote Desktop Connection Manager password',
    'https://learn.microsoft.com/en-us/sysinternals/downloads/rdcman',
    { extensions: ['rdg'] },
    element('password'),
    {
      validate: (secret, context) =>
        PROTECTED.test(secret)
          ? regraded('medium', 'encrypted for one Windows user')
          : storedPassword(secret, context),
    },
  ],
  [
    'putty-proxy-password',
    'Proxy password in a PuTTY session',
    'https://the.earth.li/~sgtatham/putty/latest/htmldoc/Chapter4.html#config-proxy-auth',
    { folders: ['sessions'], path: /putty[^/]*\/sessions\// },
    line(String.raw`ProxyPassword(?:=|\\)`, String.raw`(?<secret>[^\r\n\\]{1,128})`),
  ],
  [
    'securecrt-password',
    'SecureCRT session password',
    'https://www.vandyke.com/products/securecrt/security.html',
    { extensions: ['ini'] },
    line('S:"(?:Login )?Password V2"=', '(?<secret>0[23]:[0-9a-f]{64,1024})(?![0-9A-Za-z])'),
    {
      needs: ['Password V2"'],
      validate: (secret) =>
        secret.startsWith('02:') ? secureCrtPassword(secret) : regraded('low', 'encrypted'),
    },
  ],
  [
    'securecrt-legacy-password',
    'SecureCRT session password (old format)',
    'https://www.vandyke.com/products/securecrt/security.html',
    { extensions: ['ini'] },
    line('S:"(?:Login )?Password"=', '(?<secret>u?[0-9a-f]{32,1024})(?![0-9A-Za-z])'),
    {
      ...encrypted,
      severity: 'high',
      needs: ['Password"'],
      validate: () => accepted("encrypted with the product's built-in key"),
    },
  ],
  [
    'remmina-password',
    'Remmina connection password',
    'https://gitlab.com/Remmina/Remmina/-/wikis/Usage/Remmina-Usage-FAQ',
    { extensions: ['remmina'] },
    line(
      String.raw`(?:(?:ssh_tunnel_|gateway_|proxy_)?password|ssh_passphrase|ssh_tunnel_passphrase)=`,
      String.raw`(?<secret>[A-Za-z0-9+/]{11,512}={0,2})(?!\S)`,
    ),
    { severity: 'medium', validate: () => accepted('encrypted with the key in remmina.pref') },
  ],
  [
    'remmina-key',
    'Remmina key to all its passwords',
    'https://gitlab.com/Remmina/Remmina/-/wikis/Usage/Remmina-Usage-FAQ',
    { names: ['remmina.pref'] },
    line('secret=', String.raw`(?<secret>[A-Za-z0-9+/]{42,44}={0,2})(?!\S)`),
    { severity: 'medium' },
  ],
  [
    'royal-ts-password',
    'Password in a Royal TS document',
    'https://docs.royalapps.com/r2023/royalts/reference/security/security.html',
    { extensions: ['rtsz', 'rtsx', 'rtsd'] },
    element('CredentialPassword|Password'),
    encrypted,
  ],
  [
    'mobaxterm-password',
    'MobaXterm session password',
    'https://mobaxterm.mobatek.net/documentation.html',
    { names: ['mobaxterm.ini', 'mobaxterm backup.ini'], extensions: ['mobaconf'] },
    line(
      String.raw`(?:ssh|sftp|ftp|telnet|rdp|vnc|rlogin|mobaserver)\d{0,5}:[^=\r\n]{1,160}=`,
      String.raw`(?<secret>[A-Za-z0-9+/]{8,512}={0,2})(?!\S)`,
    ),
    encrypted,
  ],
  [
    'xshell-password',
    'Xshell or Xftp session password',
    'https://www.netsarang.com/en/xshell/',
    { extensions: ['xsh', 'xfp'] },
    line('(?:Password|UserPassword)=', String.raw`(?<secret>[A-Za-z0-9+/]{8,512}={0,2})(?!\S)`),
    encrypted,
  ],
  [
    'citrix-clear-password',
    'Password in a Citrix connection file',
    'https://docs.citrix.com/en-us/citrix-workspace-app-for-windows/ica-settings-reference',
    { extensions: ['ica'] },
    line('ClearPassword='),
  ],
  [
    'citrix-encoded-password',
    'Password in a Citrix connection file (encoded)',
    'https://docs.citrix.com/en-us/citrix-workspace-app-for-windows/ica-settings-reference',
    { extensions: ['ica'] },
    line('Password=', String.raw`(?<secret>[0-9a-fA-F]{8,256})(?!\S)`),
    encoded,
  ],
  [
    'anydesk-password-hash',
    'AnyDesk unattended access password hash',
    'https://support.anydesk.com/docs/configuration-files',
    { names: ['system.conf', 'service.conf', 'user.conf'], path: /anydesk/ },
    line(String.raw`ad\.anynet\.pwd_hash=`, String.raw`(?<secret>[0-9a-f]{40,128})(?!\S)`),
    { severity: 'medium', validate: () => accepted('hash') },
  ],
  [
    'total-commander-ftp-password',
    'Total Commander FTP password',
    'https://www.ghisler.com/faq.htm',
    { names: ['wcx_ftp.ini'] },
    line('password=', String.raw`(?<secret>[0-9A-F]{10,256})(?!\S)`),
    { ...encoded, severity: 'high' },
  ],
  [
    'guacamole-password',
    'Apache Guacamole connection password',
    'https://guacamole.apache.org/doc/gug/configuring-guacamole.html',
    { names: ['user-mapping.xml'] },
    String.raw`<param\s{1,8}name="(?:password|passphrase|sftp-password|gateway-password|private-key)"\s{0,8}>(?<secret>[^<>\r\n]{1,256})<`,
  ],
  [
    'guacamole-user-password',
    'Apache Guacamole user password',
    'https://guacamole.apache.org/doc/gug/configuring-guacamole.html',
    { names: ['user-mapping.xml'] },
    attribute('password'),
    {
      validate: (secret, context) =>
        /^[0-9a-f]{32}$/.test(secret) ? regraded('medium', 'hash') : storedPassword(secret, context),
    },
  ],
  [
    'guacamole-database-password',
    'Apache Guacamole database or directory password',
    'https://guacamole.apache.org/doc/gug/jdbc-auth.html',
    { names: ['guacamole.properties'] },
    line(`[a-z-]{1,40}-password${IS}`),
  ],
  [
    'upload-configuration-password',
    'Password in editor upload settings',
    'https://github.com/Natizyskunk/vscode-sftp#configuration',
    {
      names: [
        'sftp.json',
        'sftp-config.json',
        'ftp-sync.json',
        'ftpsync.settings',
        '.ftpconfig',
        '.sftpconfig.json',
        '.remote-sync.json',
        'remote-sync.json',
        'ftp-simple.json',
        'deploy.json',
      ],
    },
    member('(?:ftp_|sftp_|remote_)?(?:password|passphrase|pass)'),
  ],
  [
    'jetbrains-server-password',
    'Deployment server password in JetBrains IDE settings',
    'https://www.jetbrains.com/help/idea/creating-a-remote-server-configuration.html',
    { names: ['webservers.xml', 'web-servers.xml', 'sshconfigs.xml'] },
    String.raw`\s(?:password|passphrase)="(?<secret>(?:df[0-9a-f]{2}){1,64})"`,
    { validate: intelliJPassword },
  ],
]);
