/** Windows files, recognized by their names: IIS and .NET, deployment, the registry, networks. */
import type { MatchContext, Rule } from '../model/rule.ts';
import { attribute, element, line, storedRules } from '../authoring/settings.ts';
import { heidiSqlPassword, siteListPassword, teamViewerPassword } from '../validators/obfuscated.ts';
import { isDegenerate } from '../validators/opaque.ts';
import { inItsPlace } from '../validators/stored-password.ts';
import { type Verdict, accepted, rejected } from '../model/verdict.ts';

const LEARN = 'https://learn.microsoft.com/en-us';

/** `web.config`, `applicationHost.config`, `app.exe.config`, and copies that were put aside. */
const configurations = {
  extensions: ['config'],
  names: [
    'web.config.bak',
    'web.config.old',
    'web.config.orig',
    'web.config.txt',
    'applicationhost.config.bak',
  ],
};
const answerFiles = [
  'unattend.xml',
  'autounattend.xml',
  'unattended.xml',
  'sysprep.xml',
  'unattend-original.xml',
];

/** Bytes of a registry export, over several lines. */
const BYTES = String.raw`(?:[0-9a-f]{2},(?:\\\r?\n[\t ]{1,8})?){7,127}[0-9a-f]{2}`;

export const windowsFileRules: readonly Rule[] = storedRules([
  [
    'aspnet-machine-key',
    'ASP.NET machine key',
    `${LEARN}/previous-versions/dotnet/netframework-4.0/w8h3skw9(v=vs.100)`,
    configurations,
    String.raw`\s(?:validation|decryption)Key\s{0,4}=\s{0,4}"(?<secret>[0-9A-Fa-f]{16,256})[",]`,
    {
      severity: 'critical',
      remediation:
        'Create new machine keys in IIS Manager. Anyone who has these can forge a view state that runs code.',
      validate: machineKey,
    },
  ],
  [
    'iis-configuration-password',
    'Password in IIS or .NET configuration',
    `${LEARN}/iis/get-started/planning-your-iis-architecture/the-configuration-system-in-iis-7`,
    configurations,
    attribute('password'),
  ],
  [
    'dotnet-setting-password',
    'Password in .NET application settings',
    `${LEARN}/dotnet/framework/configure-apps/file-schema/appsettings/`,
    configurations,
    String.raw`<add\s{1,40}(?:key|name)\s{0,4}=\s{0,4}"(?!ClearTextPassword"|Password")[^"<>]{0,80}(?i:password|passwd|pwd|passphrase|secret|api_?key|access_?key|token)"\s{1,40}value\s{0,4}=\s{0,4}"(?<secret>[^"<>\r\n]{1,256})"`,
    { confidence: 'medium' },
  ],
  [
    'windows-setup-password',
    'Password in a Windows Setup answer file',
    `${LEARN}/windows-hardware/customize/desktop/unattend/microsoft-windows-unattendedjoin-identification-credentials-password`,
    { names: answerFiles },
    element('Password'),
  ],
  [
    'sysprep-password',
    'Password in a Sysprep answer file',
    `${LEARN}/previous-versions/windows/it-pro/windows-server-2003/cc785644(v=ws.10)`,
    { names: ['sysprep.inf', 'winnt.sif', 'unattend.txt', 'unattended.txt', 'unattend.inf'] },
    line(String.raw`(?i:(?:domain)?adminpassword|userpassword)[\t ]{0,20}=[\t ]{0,20}`),
  ],
  [
    'deployment-toolkit-password',
    'Password in Microsoft Deployment Toolkit settings',
    `${LEARN}/intune/configmgr/mdt/toolkit-reference`,
    { names: ['customsettings.ini', 'bootstrap.ini'] },
    line(String.raw`(?i:(?:admin|domainadmin|user|osd[a-z]{0,32})password)[\t ]{0,20}=[\t ]{0,20}`),
  ],
  [
    'mcafee-site-list-password',
    'Password in a McAfee repository list (encrypted)',
    'https://docs.trellix.com/bundle/trellix-agent-5.8.x-product-guide',
    { names: ['sitelist.xml', 'sitemgr.xml'] },
    String.raw`<Password\s{1,8}Encrypted="1"\s{0,8}>(?<secret>[A-Za-z0-9+/]{11,1000}={0,2})<\/Password>`,
    { validate: siteListPassword },
  ],
  [
    'mcafee-site-list-plain-password',
    'Plaintext password in a McAfee repository list',
    'https://docs.trellix.com/bundle/trellix-agent-5.8.x-product-guide',
    { names: ['sitelist.xml', 'sitemgr.xml'] },
    String.raw`<Password\s{1,8}Encrypted="0"\s{0,8}>(?<secret>[^<>\s]{1,256})<\/Password>`,
  ],
  [
    'wlan-profile-key',
    'Wi-Fi key in an exported Windows profile',
    `${LEARN}/windows/win32/nativewifi/wlan-profileschema-sharedkey-security-element`,
    { extensions: ['xml'], path: /(?:^|\/)(?:wi-?fi|wlan|wireless|drahtlos)[^/]*\.xml$/ },
    String.raw`<protected>false<\/protected>\s{0,40}<keyMaterial>(?<secret>[^<>\r\n]{1,128})<\/keyMaterial>`,
    {
      remediation:
        'Delete the exported profile, and change the Wi-Fi password if others could read the file.',
    },
  ],
  [
    'teamviewer-password',
    'TeamViewer password in a registry export',
    'https://nvd.nist.gov/vuln/detail/CVE-2019-18988',
    { extensions: ['reg'] },
    String.raw`"(?:(?:Security|Options|Server|Proxy)PasswordAES|SecurityPasswordExported|PermanentPassword)"=hex:(?<secret>${BYTES})`,
    {
      remediation: 'Change the password in TeamViewer, delete the export, and update TeamViewer.',
      validate: teamViewerPassword,
    },
  ],
  [
    'configuration-manager-policy-secret',
    'Network access account in a Configuration Manager policy',
    `${LEARN}/intune/configmgr/core/plan-design/hierarchy/accounts#network-access-account`,
    { names: ['objects.data'] },
    String.raw`<PolicySecret Version="1"><!\[CDATA\[(?<secret>[0-9A-F]{8}01000000D08C9DDF[0-9A-F]{100,4000})(?![0-9A-F])`,
    {
      remediation:
        'Change the password of the network access account, and use Enhanced HTTP instead. An administrator of any client can read it.',
      validate: () => accepted('encrypted for this machine'),
    },
  ],
  [
    'heidisql-registry-password',
    'HeidiSQL password in a registry export',
    'https://www.heidisql.com/help.php#portable',
    { extensions: ['reg'] },
    String.raw`\\HeidiSQL\\Servers\\[^\]\r\n]{1,200}\](?:\r?\n(?!"Password"=|\[)[^\r\n]{0,120}){0,24}\r?\n"Password"="(?<secret>(?:[0-9A-Fa-f]{2}){1,64}[0-9])"`,
    { validate: heidiSqlPassword },
  ],
  [
    'registry-password',
    'Password in a registry export',
    `${LEARN}/troubleshoot/windows-server/performance/windows-registry-advanced-users`,
    { extensions: ['reg'] },
    line(
      String.raw`"(?!(?:Alt)?DefaultPassword)[\w .-]{0,40}(?i:password|passwd|pwd|passphrase)"=`,
      String.raw`"(?<secret>(?!A35C[0-9A-F]{20})[^"\r\n]{1,128})"`,
    ),
    { confidence: 'medium' },
  ],
  [
    'odbc-password',
    'ODBC data source password',
    `${LEARN}/sql/odbc/reference/develop-app/using-file-dsns`,
    { names: ['odbc.ini', '.odbc.ini', 'odbcinst.ini'], extensions: ['dsn'] },
    line(String.raw`(?i:pwd|password)[\t ]{0,20}=[\t ]{0,20}`),
  ],
]);

/** What is drawn for a site is no row of one letter. */
function machineKey(secret: string, { path }: MatchContext): Verdict {
  return isDegenerate(secret) ? rejected : inItsPlace(accepted(), path);
}
