/** Logins that developer tools store in files: version control, packages, builds, requests, notebooks. */
import type { Rule } from '../model/rule.ts';
import { IS, LINE, QUOTED, VALUE, alone, element, line, member, storedRules } from '../authoring/settings.ts';
import { mavenMasterPassword } from '../validators/obfuscated.ts';
import { storedPassword } from '../validators/stored-password.ts';
import { accepted, rejected } from '../model/verdict.ts';

const BLANK = String.raw`[\t ]{1,20}`;
const GIT = 'https://git-scm.com/docs';
/** Of a URL, up to the password. */
const URL_USER = String.raw`https?:\/\/[^\s:@/]{0,100}:`;
const URL_PASSWORD = String.raw`(?<secret>[^\s@/]{1,256})@[A-Za-z0-9[]`;

/** What a file of one line holds. */
const SECRET = String.raw`[^\s#][^\s]{5,1023}`;

/** A member of a file that Subversion writes: lengths, then what has them. */
const pair = (name: string, value: string) =>
  String.raw`K ${name.length}\r?\n${name}\r?\nV \d{1,4}\r?\n${value}\r?\n`;

export const developerLoginRules: readonly Rule[] = storedRules([
  [
    'git-credentials-password',
    'Password or token in the Git credential store',
    `${GIT}/git-credential-store`,
    {
      names: ['.git-credentials', 'git-credentials', 'credentials'],
      path: /git-credentials$|\/git\/credentials$/,
    },
    `${LINE}${URL_USER}${URL_PASSWORD}`,
    {
      remediation:
        'Revoke it where it was issued, then use a Git credential helper that stores it encrypted.',
    },
  ],
  [
    'git-remote-password',
    'Password or token in a Git remote URL',
    `${GIT}/git-config`,
    {
      names: ['config', '.gitconfig', '.gitmodules', 'gitconfig', 'fetch_head'],
      path: /\.git\/(?:modules\/.{1,200}\/)?(?:config|fetch_head)$|\.?gitconfig$|\.gitmodules$/,
    },
    `(?:${URL_USER}|(?<=url[\\t ]{0,4}=[\\t ]{0,4}https?:\\/\\/)(?=[^\\s@/]{20,256}@))${URL_PASSWORD}`,
    { remediation: 'Revoke it where it was issued, then remove it from the URL with `git remote set-url`.' },
  ],
  [
    'subversion-proxy-password',
    'Proxy password in Subversion settings',
    'https://svnbook.red-bean.com/en/1.7/svn.advanced.confarea.html',
    { names: ['servers'], path: /subversion\/servers$/ },
    line(`(?:http-proxy-password|ssl-client-cert-password)${IS}`),
  ],
  [
    'subversion-password',
    'Password in Subversion client settings',
    'https://svnbook.red-bean.com/en/1.7/svn.serverconfig.netmodel.html',
    { names: ['passwd'], path: /\/conf\/passwd$/ },
    line(String.raw`[\w.@-]{1,64}[\t ]{0,8}=[\t ]{0,8}`),
  ],
  [
    'subversion-cached-password',
    'Password cached by the Subversion client',
    'https://svnbook.red-bean.com/en/1.7/svn.serverconfig.netmodel.html#svn.serverconfig.netmodel.creds',
    { folders: ['svn.simple', 'svn.ssl.client-passphrase'] },
    pair('passtype', 'simple') +
      String.raw`K \d{1,2}\r?\n(?:password|passphrase)\r?\nV \d{1,4}\r?\n(?<secret>[^\r\n]{1,256})(?![^\r\n])`,
    { remediation: 'Change the password, delete this file, and let the Subversion client use a keyring.' },
  ],
  [
    'cvs-password',
    'CVS repository password',
    'https://www.gnu.org/software/trans-coord/manual/cvs/html_node/Password-authentication-client.html',
    { names: ['.cvspass'] },
    `${LINE}${String.raw`(?:\/\d )?:[a-z]{2,10}:[^\s]{3,200} (?<secret>A[^\r\n]{1,80})(?![^\r\n])`}`,
    { validate: () => accepted('obfuscated') },
  ],
  [
    'mercurial-password',
    'Mercurial repository password',
    'https://www.mercurial-scm.org/doc/hgrc.5.html#auth',
    { names: ['.hgrc', 'hgrc', 'mercurial.ini'] },
    line(`[\\w.-]{1,60}\\.password${IS}|(?:http_proxy\\.)?passwd${IS}`),
  ],
  [
    'perforce-password',
    'Perforce password',
    'https://help.perforce.com/helix-core/server-apps/cmdref/current/Content/CmdRef/P4PASSWD.html',
    { names: ['.p4config', 'p4config.txt', '.p4env', 'p4.ini', '.p4enviro'] },
    line('P4PASSWD='),
  ],
  [
    'python-tool-password',
    'Package index password in Poetry or pip settings',
    'https://python-poetry.org/docs/repositories/#configuring-credentials',
    { names: ['auth.toml', 'pip.conf', 'pip.ini', 'uv.toml'] },
    line(`(?:password|pypi|[\\w.-]{1,40}\\.password|[\\w-]{1,40}\\.token)${IS}`),
  ],
  [
    'maven-settings-password',
    'Server password in Maven settings',
    'https://maven.apache.org/settings.html#Servers',
    {
      names: ['settings.xml', 'settings-docker.xml', 'settings-ci.xml', 'ci_settings.xml', 'ci-settings.xml'],
    },
    element('password|passphrase'),
    {
      // As they stand in the comments of the file that Maven comes with.
      validate: (secret, context) =>
        /^(?:proxypass|repopwd|optional; leave empty)/.test(secret)
          ? rejected
          : storedPassword(secret, context),
    },
  ],
  [
    'maven-master-password',
    'Maven master password',
    'https://maven.apache.org/guides/mini/guide-encryption.html',
    { names: ['settings-security.xml'] },
    String.raw`<master>[^<{}]{0,80}\{(?<secret>[A-Za-z0-9+/]{40,400}={0,2})\}`,
    {
      remediation: 'Set a new Maven master password, and change the passwords that it protects.',
      validate: mavenMasterPassword,
    },
  ],
  [
    'nuget-clear-text-password',
    'Password in NuGet configuration',
    'https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#packagesourcecredentials',
    { names: ['nuget.config', 'nugetdefaults.config'] },
    String.raw`<add\s{1,20}key="(?:ClearTextPassword|http_proxy\.password)"\s{1,20}value="(?<secret>[^"<>\r\n]{1,4096})"`,
  ],
  [
    'build-script-password',
    'Password in a build script',
    'https://docs.gradle.org/current/userguide/declaring_repositories.html#sec:supported_transport_protocols',
    {
      names: [
        'build.gradle',
        'init.gradle',
        'settings.gradle',
        'build.gradle.kts',
        'init.gradle.kts',
        'settings.gradle.kts',
        'signing.gradle',
      ],
    },
    line(
      String.raw`(?:password|storePassword|keyPassword|setPassword)[\t ]{0,8}[=(]?[\t ]{0,8}`,
      String.raw`${QUOTED}[\t ]{0,4}\)?[\t ]{0,8}(?![^\r\n])`,
    ),
    { confidence: 'medium' },
  ],
  [
    'sbt-credentials-password',
    'Repository password in sbt credentials',
    'https://www.scala-sbt.org/1.x/docs/Publishing.html#Credentials',
    { extensions: ['sbt'] },
    String.raw`Credentials\(\s{0,40}"[^"]{0,100}",\s{0,40}"[^"]{0,200}",\s{0,40}"[^"]{0,100}",\s{0,40}"(?<secret>[^"]{1,256})"`,
  ],
  [
    'composer-password',
    'Password or token in Composer authentication settings',
    'https://getcomposer.org/doc/articles/authentication-for-private-packages.md',
    { names: ['auth.json'] },
    String.raw`(?:${member('password')}|"(?:github-oauth|gitlab-oauth|gitlab-token|bearer)"\s{0,8}:\s{0,8}\{\s{0,40}"[^"]{1,100}"\s{0,8}:\s{0,8}"(?<secret>[^"]{3,512})")`,
  ],
  [
    'bundler-password',
    'Gem source password in Bundler settings',
    'https://bundler.io/man/bundle-config.1.html#CREDENTIALS-FOR-GEM-SOURCES',
    { names: ['config'], path: /\.bundle\/config$/ },
    line(String.raw`BUNDLE_[A-Z0-9_]{2,100}: ["']?[^\s:"']{1,100}:`, String.raw`(?<secret>[^\s"']{1,256})`),
  ],
  [
    'pub-token',
    'Dart package repository token',
    'https://dart.dev/tools/pub/cmd/pub-token',
    { names: ['pub-tokens.json'] },
    member('token'),
  ],
  [
    'container-identity-token',
    'Container registry identity token',
    'https://docs.docker.com/reference/cli/docker/login/',
    {
      names: ['config.json', 'auth.json', '.dockercfg', '.dockerconfigjson'],
      path: /docker|containers|podman/,
    },
    member('identitytoken|registrytoken'),
  ],
  [
    'helm-repository-password',
    'Helm repository password',
    'https://helm.sh/docs/helm/helm_repo_add/',
    { names: ['repositories.yaml'] },
    line(`password${IS}`),
  ],
  [
    'postman-environment-secret',
    'Secret in an exported Postman environment',
    'https://learning.postman.com/docs/sending-requests/variables/managing-environments/',
    { extensions: ['json'], path: /postman_(?:environment|globals|collection)\.json$/ },
    String.raw`"key"\s{0,8}:\s{0,8}"[^"]{0,60}(?i:password|passwd|secret|token|api[_-]?key|apikey|access[_-]?key|pwd)[^"]{0,12}"\s{0,8},\s{0,80}(?:"(?:type|description|enabled)"\s{0,8}:\s{0,8}[^,{}]{1,80},\s{0,80}){0,2}"value"\s{0,8}:\s{0,8}"(?<secret>[^"\\]{1,4096})"`,
  ],
  [
    'http-client-environment-secret',
    'Secret in the private environment of a JetBrains HTTP Client',
    'https://www.jetbrains.com/help/idea/exploring-http-syntax.html#environment-variables',
    { names: ['http-client.private.env.json', 'rest-client.private.env.json'] },
    member('[^"]{0,60}(?i:password|passwd|secret|token|api[_-]?key|pwd)'),
  ],
  [
    'jupyter-server-password',
    'Jupyter server token or password',
    'https://jupyter-server.readthedocs.io/en/latest/operators/security.html',
    {
      names: [
        'jupyter_notebook_config.py',
        'jupyter_server_config.py',
        'jupyter_lab_config.py',
        'jupyterhub_config.py',
      ],
    },
    line(
      String.raw`c\.(?:\w{1,40}\.)(?:token|password|api_token|client_secret|auth_token)[\t ]{0,8}=[\t ]{0,8}u?`,
      QUOTED,
    ),
  ],
  [
    'jupyter-server-json-token',
    'Jupyter server token in JSON',
    'https://jupyter-server.readthedocs.io/en/latest/operators/security.html',
    { names: ['jupyter_server_config.json', 'jupyter_notebook_config.json'] },
    member('token'),
  ],
  [
    'ansible-vault-password-file',
    'Ansible Vault password file',
    'https://docs.ansible.com/ansible/latest/vault_guide/vault_managing_passwords.html',
    {
      names: [
        '.vault_pass',
        '.vault_pass.txt',
        'vault_pass.txt',
        '.vault-pass',
        '.vault_password',
        '.vault-password',
        'vault_password.txt',
        'vault-password.txt',
        '.ansible_vault_password',
        '.ansible-vault-password',
        'vault_password',
        'vault-password',
      ],
    },
    alone(SECRET),
    { validate: wholeSecret },
  ],
  [
    'data-bag-secret',
    'Chef encrypted data bag secret',
    'https://docs.chef.io/data_bags/#encrypt-a-data-bag-item',
    { names: ['encrypted_data_bag_secret', 'data_bag_key', '.chef_secret'] },
    alone(SECRET),
    { validate: wholeSecret },
  ],
  [
    'vault-token-file',
    'HashiCorp Vault token file',
    'https://developer.hashicorp.com/vault/docs/commands#token-helper',
    { names: ['.vault-token'] },
    alone(SECRET),
    { severity: 'critical', validate: wholeSecret },
  ],
  [
    'erlang-cookie',
    'Erlang cookie (RabbitMQ, CouchDB, ejabberd)',
    'https://www.rabbitmq.com/docs/clustering#erlang-cookie',
    { names: ['.erlang.cookie'] },
    alone(SECRET),
    {
      remediation: 'Create a new cookie on all nodes, and make the file readable only by the service.',
      validate: wholeSecret,
    },
  ],
  [
    'leiningen-credentials-password',
    'Repository password in Leiningen credentials',
    'https://codeberg.org/leiningen/leiningen/src/branch/main/doc/DEPLOY.md',
    { names: ['credentials.clj', 'profiles.clj'] },
    String.raw`:(?:password|passphrase)${BLANK}"(?<secret>[^"\r\n]{1,256})"`,
  ],
  [
    'hex-login-key',
    'Hex package manager key',
    'https://hexdocs.pm/hex/Mix.Tasks.Hex.User.html',
    { names: ['hex.config'] },
    String.raw`(?:api_key|write_key|read_key|auth_key|repo_key)[^\w\r\n]{1,12}(?:<<)?"(?<secret>[^"\r\n]{8,256})"`,
  ],
  [
    'scripted-login-password',
    'Password in the debconf database',
    'https://manpages.debian.org/stable/debconf-doc/debconf.7.en.html',
    { names: ['passwords.dat', 'passwords.dat-old'] },
    String.raw`(?<![^\n])Name: [^\r\n]{1,160}\r?\nTemplate: [^\r\n]{1,160}\r?\nValue: ${VALUE}`,
  ],
]);

/** Not the script that fetches it. */
function wholeSecret(...[secret, context]: Parameters<Rule['validate']>): ReturnType<Rule['validate']> {
  return /^#!|[(;]$/.test(secret) ? rejected : storedPassword(secret, context);
}
