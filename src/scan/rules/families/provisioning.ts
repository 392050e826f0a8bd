/** Machine provisioning: installers, cloud-init, containers, pipelines, images, configuration management. */
import type { Rule } from '../model/rule.ts';
import { IS, LAST_VALUE, LINE, QUOTED, element, line, member, storedRules } from '../authoring/settings.ts';
import { namedStoredPassword, storedPassword } from '../validators/stored-password.ts';
import { sample, rejected } from '../model/verdict.ts';

const BLANK = String.raw`[\t ]{1,20}`;
/** Variables that hold secrets, as people name them in environments. */
const VARIABLE =
  '[A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|SECRET|SECRET_KEY|API_KEY|ACCESS_KEY|TOKEN|PRIVATE_KEY|ENCRYPTION_KEY)';

/** Passwords of images that everybody can download. */
const vagrant: Rule['validate'] = (secret, context) =>
  /^(?:vagrant|packer|ubuntu)$/.test(secret) ? sample('well-known default') : storedPassword(secret, context);

/** What stands for "make one up" in cloud-init, or for a type. */
const unlessRandom: Rule['validate'] = (secret, context) =>
  /^(?:RANDOM|R|\$\{.*|password|hash|text)$/.test(secret) ? rejected : storedPassword(secret, context);

const cloudInit = {
  names: [
    'user-data',
    'user-data.txt',
    'user-data.yml',
    'user-data.yaml',
    'userdata',
    'userdata.yml',
    'userdata.yaml',
    'user_data.yml',
    'user_data.yaml',
    'cloud-config',
    'cloud-config.yml',
    'cloud-config.yaml',
    'cloud-config.txt',
    'cloud-init.yml',
    'cloud-init.yaml',
    'cloud_init.yml',
    'cloud_init.yaml',
    'vendor-data',
    'user-data.txt.i',
    'cloud-init.cfg',
  ],
};
const compose = {
  names: [
    '',
    '.override',
    '.prod',
    '.production',
    '.dev',
    '.development',
    '.local',
    '.staging',
    '.test',
    '-dev',
    '-prod',
    '.db',
  ].flatMap((kind) =>
    ['docker-compose', 'compose', 'podman-compose', 'docker-stack'].flatMap((name) => [
      `${name}${kind}.yml`,
      `${name}${kind}.yaml`,
    ]),
  ),
};
const pipelines = {
  names: [
    '.gitlab-ci.yml',
    'bitbucket-pipelines.yml',
    '.travis.yml',
    'azure-pipelines.yml',
    'azure-pipelines.yaml',
    '.drone.yml',
    'appveyor.yml',
    'cloudbuild.yaml',
    'buildspec.yml',
    'circle.yml',
    'wercker.yml',
    '.woodpecker.yml',
  ],
};
const workflows = {
  extensions: ['yml', 'yaml'],
  path: /\/?\.(?:github\/(?:workflows|actions)|gitea\/workflows|forgejo\/workflows|circleci|buildkite)\//,
};

export const provisioningRules: readonly Rule[] = storedRules([
  [
    'cloud-init-password',
    'Password in cloud-init user data',
    'https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords',
    cloudInit,
    line(`(?:-[\\t ])?(?:password|plain_text_passwd|passwd|root_password):[\\t ]{1,8}`),
    { validate: unlessRandom },
  ],
  [
    'cloud-init-password-list',
    'Password in a cloud-init user list',
    'https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords',
    cloudInit,
    String.raw`chpasswd:[\t ]{0,4}\r?\n(?:[\t ]{1,16}(?:expire|#)[^\r\n]{0,80}\r?\n){0,4}[\t ]{1,16}list:[\t ]{0,4}(?:\|[-+]?)?[\t ]{0,4}\r?\n[\t ]{1,16}(?:-[\t ]{1,4})?["']?[\w.-]{1,64}:(?<secret>[^\s"']{1,128})`,
    { validate: unlessRandom },
  ],
  [
    'cloud-init-user-password',
    'Password of a cloud-init user (single line)',
    'https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords',
    cloudInit,
    String.raw`\{[^{}\r\n]{0,200}?(?<![\w])(?:password|plain_text_passwd):[\t ]{0,4}["']?(?<secret>[^\s"',{}]{1,128})`,
    { validate: unlessRandom },
  ],
  [
    'kickstart-password',
    'Password in a Kickstart file',
    'https://pykickstart.readthedocs.io/en/latest/kickstart-docs.html#rootpw',
    {
      names: ['ks.cfg', 'anaconda-ks.cfg', 'initial-setup-ks.cfg', 'kickstart.cfg', 'original-ks.cfg'],
      extensions: ['ks'],
    },
    line(`rootpw${BLANK}(?:--(?:plaintext|allow-ssh|lock)${BLANK}){0,3}(?!--)`),
    {},
  ],
  [
    'kickstart-option-password',
    'User, disk or boot loader password in a Kickstart file',
    'https://pykickstart.readthedocs.io/en/latest/kickstart-docs.html#user',
    {
      names: ['ks.cfg', 'anaconda-ks.cfg', 'initial-setup-ks.cfg', 'kickstart.cfg', 'original-ks.cfg'],
      extensions: ['ks'],
    },
    String.raw`(?<![^\n])(?:user|sshpw|bootloader|part|partition|logvol|raid|autopart|vnc|url|iscsi|rescue)[\t ](?:[^\r\n]{0,200}[\t ])?--(?:password|passphrase|escrowcert-passphrase)[= ]["']?(?<secret>[^\s"']{1,128})`,
  ],
  [
    'preseed-password',
    'Password in a Debian preseed file',
    'https://www.debian.org/releases/stable/amd64/apbs04.en.html#preseed-account',
    { names: ['preseed.cfg', 'preseed.txt', 'preseed', 'custom.preseed'], extensions: ['preseed', 'seed'] },
    line(
      String.raw`[\w.+-]{1,60}${BLANK}[\w./+-]{0,80}(?:passw(?:or)?d|passphrase|password-again|pass)(?:-again)?${BLANK}(?:password|string)${BLANK}`,
      String.raw`(?<secret>[^\s#][^\r\n]{0,127}?)[\t ]{0,8}(?![^\r\n])`,
    ),
    {},
  ],
  [
    'autoyast-password',
    'Password in an AutoYaST profile',
    'https://doc.opensuse.org/projects/autoyast/',
    { names: ['autoinst.xml', 'autoyast.xml', 'autoinst-template.xml'] },
    element('user_password|password|crypt_key'),
  ],
  [
    'compose-environment-password',
    'Password in container environment settings',
    'https://docs.docker.com/compose/how-tos/environment-variables/set-environment-variables/',
    compose,
    line(
      `(?:-[\\t ]{1,4})?["']?${VARIABLE}["']?(?:=|[\\t ]{0,4}:[\\t ]{1,8})`,
      String.raw`(?:"(?<secret>[^"\r\n]{1,256})"|'(?<secret>[^'\r\n]{1,256})'|(?<secret>[^\s"'|>&*!][^\s"']{0,255}))`,
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'dockerfile-password',
    'Password built into a container image',
    'https://docs.docker.com/reference/dockerfile/#env',
    {
      names: ['dockerfile', 'containerfile', 'dockerfile.prod', 'dockerfile.dev', 'dockerfile.production'],
      extensions: ['dockerfile', 'containerfile'],
    },
    line(`(?:ENV|ARG)${BLANK}(?:[A-Za-z_]\\w{0,60}=\\S{1,100}${BLANK}){0,4}${VARIABLE}(?:=|${BLANK})`),
    {
      confidence: 'medium',
      validate: namedStoredPassword,
      remediation:
        'Change it, then pass it to the build as a secret mount. Anyone who can pull the image can read its layers.',
    },
  ],
  [
    'dockerfile-user-password',
    'User password built into a container image',
    'https://docs.docker.com/build/building/secrets/',
    {
      names: ['dockerfile', 'containerfile', 'dockerfile.prod', 'dockerfile.dev', 'dockerfile.production'],
      extensions: ['dockerfile', 'containerfile'],
    },
    String.raw`echo[\t ]{1,4}(?:-e[\t ]{1,4}|-n[\t ]{1,4}){0,2}["']?(?!\$)[\w.-]{1,40}:(?<secret>[^\s"'|:$]{1,80})["']?[\t ]{0,4}\|[\t ]{0,4}(?:sudo[\t ]{1,4})?chpasswd`,
    { severity: 'medium' },
  ],
  [
    'terraform-variable-default',
    'Secret as the default of a Terraform variable',
    'https://developer.hashicorp.com/terraform/language/values/variables#sensitive',
    { extensions: ['tf'] },
    String.raw`variable[\t ]{1,8}"[A-Za-z0-9_-]{0,60}(?:password|passwd|passphrase|secret|token|(?:api|access|secret|private)_key)"\s{0,8}\{(?:[^{}"]|"[^"\r\n]{0,200}"){0,400}?\sdefault[\t ]{0,12}=[\t ]{0,12}"(?<secret>[^"\r\n]{1,256})"`,
    {
      confidence: 'medium',
      validate: namedStoredPassword,
      remediation:
        'Change it, then supply it from a vault or from a variables file that is not in version control.',
    },
  ],
  [
    'pipeline-password',
    'Password or token in a CI pipeline',
    'https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions',
    pipelines,
    line(
      `(?:-[\\t ]{1,4})?(?:export${BLANK})?["']?(?:${VARIABLE}|password|passwd|secret|api[_-]key)["']?(?:=|[\\t ]{0,4}:[\\t ]{1,8})`,
      String.raw`(?:"(?<secret>[^"\r\n]{1,256})"|'(?<secret>[^'\r\n]{1,256})'|(?<secret>[^\s"'|>&*!{][^\s"']{0,255})(?=[\t ]{0,8}(?:#|(?![^\r\n]))))`,
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'workflow-password',
    'Password or token in a CI workflow',
    'https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions',
    workflows,
    line(
      `(?:-[\\t ]{1,4})?["']?(?:${VARIABLE}|password|passwd|secret|api[_-]key)["']?[\\t ]{0,4}:[\\t ]{1,8}`,
      String.raw`(?:"(?<secret>[^"\r\n]{1,256})"|'(?<secret>[^'\r\n]{1,256})'|(?<secret>[^\s"'|>&*!{][^\s"']{0,255})(?=[\t ]{0,8}(?:#|(?![^\r\n]))))`,
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'ansible-variable-password',
    'Password in Ansible variables',
    'https://docs.ansible.com/ansible/latest/vault_guide/vault_encrypting_content.html',
    {
      extensions: ['yml', 'yaml', 'all', 'group_vars'],
      path: /(?:group_vars|host_vars)\/|\/(?:vars|defaults)\/(?:main|vault|secrets?)\.ya?ml$/,
    },
    line(
      String.raw`(?:-[\t ])?[a-z0-9_]{0,60}(?:password|passwd|passphrase|secret|secret_key|api_key|_pass|_token)[\t ]{0,4}:[\t ]{1,8}`,
      String.raw`(?!["']?\{\{|!|[|>]|&|\*)${LAST_VALUE}`,
    ),
    {
      confidence: 'medium',
      remediation:
        'Change it in the system that accepts it, then encrypt the variable with `ansible-vault encrypt_string`.',
    },
  ],
  [
    'ansible-configuration-password',
    'Password in Ansible configuration',
    'https://docs.ansible.com/ansible/latest/reference_appendices/config.html',
    { names: ['ansible.cfg', '.ansible.cfg'] },
    line(`(?:token|password|become_pass|ansible_become_password)${IS}`),
  ],
  [
    'vagrant-password',
    'Password in a Vagrantfile',
    'https://developer.hashicorp.com/vagrant/docs/vagrantfile/ssh_settings',
    { names: ['vagrantfile'] },
    String.raw`(?:(?:ssh|winrm|vm|smb)\.password[\t ]{0,4}=[\t ]{0,4}|smb_password:[\t ]{0,4}|\b(?:[a-z]{1,20}\.)?(?:password|api_token|access_token)[\t ]{0,4}=[\t ]{0,4})${QUOTED}`,
    { severity: 'medium', validate: vagrant },
  ],
  [
    'packer-password',
    'Password in a Packer template',
    'https://developer.hashicorp.com/packer/docs/communicators/ssh',
    {
      extensions: ['hcl', 'json'],
      path: /\.pkr(?:vars)?\.(?:hcl|json)$|packer[^/]*\.json$|\/packer\/[^/]*\.json$|\.auto\.pkrvars\.hcl$/,
    },
    String.raw`(?<![A-Za-z_])"?(?:[a-z_]{0,40}password|client_secret|secret_key|api_token|access_token)"?\s{0,8}[=:]\s{0,8}"(?<secret>[^"\r\n]{1,128})"`,
    { severity: 'medium', validate: vagrant },
  ],
  [
    'salt-pillar-password',
    'Password in a Salt pillar',
    'https://docs.saltproject.io/en/latest/topics/pillar/',
    { extensions: ['sls'], path: /pillar/ },
    line(
      String.raw`(?:-[\t ])?[\w.-]{0,60}(?:password|passwd|secret|token):[\t ]{1,8}`,
      String.raw`(?!["']?\{[{%]|[|>])${LAST_VALUE}`,
    ),
  ],
  [
    'hiera-password',
    'Password in Puppet data (Hiera)',
    'https://www.puppet.com/docs/puppet/8/hiera_intro.html',
    { extensions: ['yaml', 'eyaml', 'yml'], path: /hiera/ },
    line(
      String.raw`["']?[\w:.-]{0,100}(?:password|passwd|secret|token)["']?:[\t ]{1,8}`,
      String.raw`(?!["']?(?:%\{|ENC\[)|[|>])${LAST_VALUE}`,
    ),
  ],
  [
    'data-bag-password',
    'Password in a Chef data bag',
    'https://docs.chef.io/data_bags/',
    { extensions: ['json'], path: /\/?data_bags\// },
    member('[\\w-]{0,60}(?:password|passwd|secret|token|api_key)'),
  ],
  [
    'helm-values-password',
    'Password in Helm chart values',
    'https://helm.sh/docs/chart_template_guide/values_files/',
    {
      names: [
        'values.yaml',
        'values.yml',
        'values-prod.yaml',
        'values-production.yaml',
        'values-dev.yaml',
        'values-staging.yaml',
        'secrets.yaml',
        'secrets.yml',
      ],
      extensions: ['yaml'],
      path: /(?:^|\/)(?:values|secrets)[\w.-]{0,40}\.ya?ml$/,
    },
    line(
      String.raw`(?:-[\t ])?[\w.-]{0,60}(?:[pP]assword|[pP]asswd|[sS]ecretKey|[aA]piKey|[cC]lientSecret|[tT]oken):[\t ]{1,8}`,
      String.raw`(?!["']?\{\{|[|>&*!{[])${LAST_VALUE}`,
    ),
    { confidence: 'medium' },
  ],
  [
    'serverless-environment-password',
    'Password in the environment of serverless functions',
    'https://www.serverless.com/framework/docs/providers/aws/guide/variables',
    {
      names: [
        'serverless.yml',
        'serverless.yaml',
        'template.yaml',
        'template.yml',
        'samconfig.toml',
        'app.yaml',
        'function.json',
        'now.json',
        'vercel.json',
        'netlify.toml',
        'fly.toml',
        'render.yaml',
        'wrangler.toml',
        'env.yaml',
        'env.yml',
        'env.json',
        'app.json',
        'heroku.yml',
      ],
    },
    line(
      `(?:-[\\t ]{1,4})?["']?${VARIABLE}["']?[\\t ]{0,8}[:=][\\t ]{1,8}`,
      String.raw`(?:"(?<secret>[^"\r\n]{1,256})"|'(?<secret>[^'\r\n]{1,256})'|(?<secret>[^\s"'|>&*!{$][^\s"']{0,255})(?=[\t ]{0,8}(?:[#,]|(?![^\r\n]))))`,
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'systemd-environment-password',
    'Password in the environment of a systemd service',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment=',
    { extensions: ['service', 'conf'], path: /\.service$|\.service\.d\/[^/]+\.conf$/ },
    line(
      String.raw`Environment=(?:["']?[A-Z_]\w{0,40}=[^\s"']{0,100}["']?[\t ]{1,4}){0,4}["']?${VARIABLE}=`,
      String.raw`(?<secret>[^\s"']{1,256})`,
    ),
    {
      confidence: 'medium',
      validate: namedStoredPassword,
      remediation:
        'Change it, then pass it to the service with `LoadCredential=`. Every user can read the environment of a unit.',
    },
  ],
  [
    'azure-template-password',
    'Password in Azure deployment parameters',
    'https://learn.microsoft.com/en-us/azure/azure-resource-manager/templates/parameter-files',
    {
      extensions: ['json', 'bicepparam'],
      path: /(?:parameters|azuredeploy)[\w.-]*\.(?:json|bicepparam)$|\.bicepparam$/,
    },
    String.raw`(?:"\w{0,60}(?:[pP]assword|[sS]ecret|[aA]piKey|[cC]onnectionString)"\s{0,8}:\s{0,8}\{\s{0,40}"value"\s{0,8}:\s{0,8}"(?<secret>[^"\r\n]{1,256})"|(?<![^\n])param[\t ]{1,4}\w{0,60}(?:[pP]assword|[sS]ecret)[\t ]{1,4}=[\t ]{1,4}'(?<secret>[^'\r\n]{1,256})')`,
  ],
  [
    'cloudformation-parameter-password',
    'Password as the default of a CloudFormation parameter',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html#creds',
    {
      extensions: ['yaml', 'yml', 'template', 'json'],
      path: /(?:cloudformation|cfn|stack|template)[^/]*\.(?:ya?ml|template|json)$|(?:^|\/)cloudformation\//,
    },
    `${LINE}${String.raw`\w{0,60}(?:Password|Secret|Token):[\t ]{0,4}\r?\n(?:[\t ]{2,16}(?:Type|NoEcho|Description|MinLength|MaxLength|AllowedPattern|ConstraintDescription):[^\r\n]{0,200}\r?\n){0,8}[\t ]{2,16}Default:[\t ]{1,4}`}${LAST_VALUE}`,
    { confidence: 'medium' },
  ],
]);
