/**
 * Logins that the command lines of clouds and services store in a user's home, and infrastructure descriptions
 * that contain secrets.
 */
import type { Rule } from '../model/rule.ts';
import { IS, TOKEN, alone, line, member, storedRules } from '../authoring/settings.ts';
import { rclonePassword } from '../validators/obfuscated.ts';
import { storedPassword } from '../validators/stored-password.ts';
import { accepted } from '../model/verdict.ts';

const remediation =
  'Sign out with the tool, or revoke the token where it was issued, and make this file readable only by its owner.';
const session = { remediation } as const;

export const cloudLoginRules: readonly Rule[] = storedRules([
  [
    'azure-cli-token',
    'Azure CLI login',
    'https://learn.microsoft.com/en-us/cli/azure/msal-based-azure-cli',
    {
      names: [
        'accesstokens.json',
        'msal_token_cache.json',
        'service_principal_entries.json',
        'azureprofile.json',
        'adaltokencache.json',
        'tokencache.dat',
      ],
    },
    member('accessToken|refreshToken|secret|client_secret|client_assertion|access_token|refresh_token'),
    {
      severity: 'critical',
      remediation: 'Sign out with `az logout` or `az account clear`, and use short-lived credentials.',
    },
  ],
  [
    'aws-sso-token',
    'AWS CLI login for IAM Identity Center',
    'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html',
    { extensions: ['json'], path: /\.aws\/(?:sso|cli|login)\/cache\// },
    member('accessToken|refreshToken|clientSecret|SecretAccessKey|SessionToken'),
    { remediation: 'Sign out with `aws sso logout`, which revokes the token.' },
  ],
  [
    'google-cloud-login',
    'Google Cloud CLI or application default credentials',
    'https://cloud.google.com/docs/authentication/application-default-credentials',
    { names: ['application_default_credentials.json', 'adc.json', 'access_tokens.json'] },
    member('refresh_token|client_secret|access_token'),
    {
      severity: 'critical',
      remediation: 'Revoke it with `gcloud auth revoke` or `gcloud auth application-default revoke`.',
    },
  ],
  [
    'terraform-credentials',
    'Terraform registry or HCP Terraform token',
    'https://developer.hashicorp.com/terraform/cli/config/config-file#credentials',
    { names: ['.terraformrc', 'terraform.rc', '.tofurc', 'tofu.rc', 'credentials.tfrc.json'] },
    String.raw`(?:${line(`token${IS}`)}|${member('token')})`,
    { severity: 'critical', remediation },
  ],
  [
    'terraform-state-secret',
    'Secret in Terraform state',
    'https://developer.hashicorp.com/terraform/language/state/sensitive-data',
    { extensions: ['tfstate', 'backup'], path: /\.tfstate(?:\.backup)?$/ },
    member(
      '[a-z0-9_]{0,60}(?:password|passwd|passphrase|secret|secret_string|secret_key|private_key|api_key|access_key|auth_token|token|connection_string|client_secret|sas_url)',
    ),
    {
      confidence: 'medium',
      remediation: 'Change the secret, and keep the Terraform state encrypted in a remote backend.',
    },
  ],
  [
    'terraform-sensitive-output',
    'Sensitive output in Terraform state',
    'https://developer.hashicorp.com/terraform/language/values/outputs#sensitive',
    { extensions: ['tfstate', 'backup'], path: /\.tfstate(?:\.backup)?$/ },
    String.raw`"value"\s{0,8}:\s{0,8}"(?<secret>(?:[^"\\\r\n]|\\.){1,4000})"\s{0,8},\s{0,40}"type"\s{0,8}:\s{0,8}"string"\s{0,8},\s{0,40}"sensitive"\s{0,8}:\s{0,8}true`,
    { remediation: 'Change the secret, and keep the Terraform state encrypted in a remote backend.' },
  ],
  [
    'rclone-password',
    'Password of an rclone remote',
    'https://rclone.org/commands/rclone_obscure/',
    { names: ['rclone.conf', '.rclone.conf'] },
    line(
      `(?:pass|password2?|key_file_pass|bearer_token_command_pass|api_password)${IS}`,
      String.raw`(?<secret>[A-Za-z0-9_-]{22,512})(?!\S)`,
    ),
    { validate: rclonePassword },
  ],
  [
    'rclone-secret',
    'Token or secret key of an rclone remote',
    'https://rclone.org/docs/#configuration-encryption',
    { names: ['rclone.conf', '.rclone.conf'] },
    line(
      `(?:(?:secret_access_key|client_secret|key|bearer_token|access_token|sas_url|api_key|application_key)${IS}|token${IS}[^"\\r\\n]{0,4}"access_token":")`,
      TOKEN,
    ),
  ],
  [
    'openstack-password',
    'OpenStack password',
    'https://docs.openstack.org/python-openstackclient/latest/configuration/index.html',
    {
      names: [
        'clouds.yaml',
        'secure.yaml',
        'clouds.yml',
        'openrc',
        'openrc.sh',
        'admin-openrc',
        'admin-openrc.sh',
        'keystonerc_admin',
        'keystonerc',
        'demo-openrc.sh',
        'admin-openrc.v3',
      ],
    },
    line(
      `(?:export[\\t ]{1,4})?(?:password|application_credential_secret|OS_PASSWORD|OS_APPLICATION_CREDENTIAL_SECRET|OS_TOKEN)${IS}`,
    ),
    { severity: 'critical' },
  ],
  [
    'oci-key-passphrase',
    'Oracle Cloud API key passphrase',
    'https://docs.oracle.com/en-us/iaas/Content/API/Concepts/sdkconfig.htm',
    { names: ['config', 'oci_cli_rc'], path: /\.oci\// },
    line(`pass_phrase${IS}`),
  ],
  [
    'command-line-token',
    'Token in the settings of a command-line tool',
    'https://developers.cloudflare.com/workers/wrangler/commands/#login',
    {
      names: [
        '.sentryclirc',
        '.vultr-cli.yaml',
        'linode-cli',
        'cli.toml',
        '.ovh.conf',
        'ovh.conf',
        'cli.yml',
        '.snowsql',
        'default.toml',
        '.kaggle',
        '.pingdom',
        '.surgerc',
        '.hcloud',
        'config.yml',
        'config.yaml',
        'config.toml',
      ],
      path: /(?:\/\.(?:sentryclirc|vultr-cli\.yaml|ovh\.conf|fly\/config\.yml|circleci\/cli\.yml|travis\/config\.yml|wrangler\/config\/default\.toml)|\/\.config\/(?:linode-cli|hcloud\/cli\.toml|doctl\/config\.yaml|scw\/config\.yaml|tea\/config\.yml|glab-cli\/config\.yml|exoscale\/exoscale\.toml|upctl\.yaml)|wrangler\/config\/default\.toml|(?:^|\/)\.sentryclirc|(?:^|\/)ovh\.conf)$/,
    },
    line(
      `(?:-[\\t ])?(?:token|access[_-]token|refresh_token|oauth_token|api[_-]key|api_token|secret[_-]key|application_secret|consumer_key|password)${IS}`,
      TOKEN,
    ),
    session,
  ],
  [
    'command-line-json-token',
    'Token in the JSON settings of a command-line tool',
    'https://vercel.com/docs/cli/login',
    {
      names: [
        'auth.json',
        'config.json',
        'credentials.json',
        '.civo.json',
        'kaggle.json',
        'firebase-tools.json',
        'jfrog-cli.conf.v6',
        'snyk.json',
        '.railway',
        'global.json',
        '.snyk.json',
        'netlify.json',
      ],
      path: /(?:^|\/)(?:com\.vercel\.cli|\.vercel|\.now|\.?netlify|\.railway|\.pulumi|\.kaggle|configstore|\.jfrog|\.cf|\.bluemix|snyk|supabase|\.expo)\/(?:[^/]{1,60}\/)?[^/]{1,60}$|\.civo\.json$|kaggle\.json$|jfrog-cli\.conf\.v6$/,
    },
    member(
      'token|accessToken|access_token|refreshToken|refresh_token|AccessToken|RefreshToken|UaaOAuthClientSecret|IAMToken|IAMRefreshToken|password|api|key|idToken|sessionSecret|artifactoryRefreshToken',
    ),
    session,
  ],
  [
    'argocd-session-token',
    'Argo CD session token',
    'https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd_login/',
    { names: ['config'], path: /argocd\/config$/ },
    line('(?:-[\\t ])?(?:auth-token|refresh-token):[\\t ]{1,4}', TOKEN),
    session,
  ],
  [
    'backup-repository-password-file',
    'Backup repository password file',
    'https://restic.readthedocs.io/en/stable/faq.html',
    {
      names: [
        '.restic-password',
        'restic-password',
        'restic-password.txt',
        '.restic_password',
        'restic.password',
        '.restic-pass',
        'restic-pw.txt',
        '.resticpw',
        '.borg-passphrase',
        'borg-passphrase',
        '.borg_passphrase',
        'borg_passphrase',
        'kopia-password',
      ],
    },
    alone(String.raw`[^\s#][^\r\n]{2,200}`),
  ],
  [
    'borgmatic-passphrase',
    'Backup passphrase in borgmatic settings',
    'https://torsion.org/borgmatic/docs/how-to/provide-your-passwords/',
    { names: ['config.yaml', 'config.yml'], extensions: ['yaml'], path: /borgmatic(?:\.d)?\// },
    line(`(?:-[\\t ])?(?:encryption_passphrase|password|restore_password)${IS}`),
  ],
  [
    'bacula-password',
    'Bacula or Bareos daemon password',
    'https://www.bacula.org/15.0.x-manuals/en/main/Configuring_Director.html',
    {
      names: [
        'bacula-dir.conf',
        'bacula-fd.conf',
        'bacula-sd.conf',
        'bconsole.conf',
        'bareos-fd.conf',
        'bareos-sd.conf',
        'bareos-dir.conf',
        'bat.conf',
        'tray-monitor.conf',
      ],
      extensions: ['conf'],
      path: /\/?(?:bacula|bareos|bconsole|bat\.conf|tray-monitor)/,
    },
    line(String.raw`(?i:(?:db)?password)[\t ]{0,8}=[\t ]{0,8}`),
    {
      validate: (secret, context) =>
        secret.startsWith('[md5]')
          ? accepted('hash that works like a password')
          : storedPassword(secret, context),
    },
  ],
  [
    'duply-password',
    'Duply or Duplicity backup password',
    'https://duply.net/Duply-documentation',
    { names: ['conf'], path: /duply\// },
    line(`(?:GPG_PW|GPG_PW_SIGN|TARGET_PASS|PASSPHRASE|FTP_PASSWORD)[\\t ]{0,4}=[\\t ]{0,4}`),
  ],
  [
    'backuppc-password',
    'Share password in BackupPC settings',
    'https://backuppc.github.io/backuppc/BackupPC.html',
    { names: ['config.pl'] },
    line(
      String.raw`\$Conf\{(?:SmbSharePasswd|RsyncdPasswd|FtpPasswd|ServerMesgSecret)\}[\t ]{0,8}=[\t ]{0,8}`,
      String.raw`(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})')`,
    ),
  ],
  [
    'azure-publish-settings-certificate',
    'Azure management certificate in a publish settings file',
    'https://learn.microsoft.com/en-us/powershell/module/servicemanagement/azure/get-azurepublishsettingsfile',
    { extensions: ['publishsettings'] },
    String.raw`ManagementCertificate="(?<secret>MII[A-Za-z0-9+/]{600,4000}={0,2})"`,
    { severity: 'critical', validate: () => accepted('keystore without a password') },
  ],
  [
    'android-store-password',
    'Signing password in a mobile app project',
    'https://docs.expo.dev/app-signing/local-credentials/',
    { names: ['credentials.json'] },
    member('keystorePassword|keyPassword|(?:distributionCertificate)?[pP]assword'),
  ],
  [
    'libvirt-password',
    'Password in a virtual machine definition',
    'https://libvirt.org/formatdomain.html#graphical-framebuffers',
    { extensions: ['xml'], path: /\/(?:libvirt|qemu)\// },
    String.raw`<graphics\s[^<>]{0,400}?passwd='(?<secret>[^'<>]{1,64})'`,
  ],
  [
    'vmware-host-password',
    'Password in VMware host settings',
    'https://docs.vmware.com/en/VMware-vSphere/index.html',
    { extensions: ['vmx'] },
    line(
      '(?i:RemoteDisplay\\.vnc\\.(?:password|key)|guestinfo\\.[\\w.-]{0,40}password)[\\t ]{0,8}=[\\t ]{0,8}',
    ),
  ],
]);
