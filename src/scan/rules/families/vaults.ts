/** Secret managers and infrastructure as code: HashiCorp, Pulumi, Doppler, Infisical, 1Password, Bitwarden ... */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64,
  base64url,
  lower,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { onePasswordToken } from '../validators/json.ts';
import { opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const VAULT = 'https://developer.hashicorp.com/vault/docs/concepts/tokens';
const DOPPLER = 'https://docs.doppler.com/reference/auth-token-formats';
const INFISICAL = 'https://infisical.com/docs/documentation/platform/token';
const CHECKS = 'https://developer.hashicorp.com/consul/docs/security/acl/tokens';

// prettier-ignore
const tokens = tokenRules([
  ['HashiCorp', 'Vault service token', 'critical', 'hvs.', base64url([24, 200]), VAULT, { where: 'with `vault token revoke`' }],
  ['HashiCorp', 'Vault batch token', 'high', 'hvb.', base64url([100, 400]), VAULT, { remediation: 'Revoke the parent token with `vault token revoke`, or let this one expire. Batch tokens cannot be revoked.' }],
  ['HashiCorp', 'Vault recovery token', 'high', 'hvr.', base64url([24, 200]), VAULT, { remediation: 'Restart Vault in normal mode, which makes the recovery token useless.' }],
  ['Pulumi', 'access token', 'critical', 'pul-', lower(40), 'https://www.pulumi.com/docs/administration/access-identity/access-tokens/', { where: 'under "Account settings > Access tokens" in Pulumi Cloud' }],
  ['Doppler', 'personal or CLI token', 'critical', ['dp.pt.', 'dp.ct.'], alphanumeric([40, 44]), DOPPLER, { where: 'under "Tokens" in Doppler' }],
  ['Doppler', 'service token', 'high', 'dp.st.', { of: 'A-Za-z0-9._-', length: [40, 84], form: '(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}' }, DOPPLER, { where: 'under "Access" of the config in Doppler' }],
  ['Doppler', 'service account, SCIM or audit token', 'critical', ['dp.sa.', 'dp.said.', 'dp.scim.', 'dp.audit.'], alphanumeric([40, 44]), DOPPLER, { where: 'under "Team" in Doppler' }],
]);

// prettier-ignore
const values = valueRules([
  ['Consul', 'ACL token', 'high', ['consul'], uuid, CHECKS, { rest: SECRETS, where: 'with `consul acl token delete`' }],
  ['Nomad', 'ACL token', 'high', ['nomad'], uuid, 'https://developer.hashicorp.com/nomad/docs/concepts/acl', { rest: SECRETS, where: 'with `nomad acl token delete`' }],
  ['HashiCorp Vault', 'AppRole SecretID', 'high', ['secret_id', 'secretid', 'secret id', 'secret-id'], uuid, 'https://developer.hashicorp.com/vault/docs/auth/approle', { remediation: 'Destroy it with `vault write auth/approle/role/NAME/secret-id/destroy`, then create a new one.', id: 'hashicorp-vault-approle-secret-id' }],
  ['HashiCorp', 'Boundary token', 'high', ['boundary'], { ...base64url([30, 300]), form: 'at_[A-Za-z0-9]{10}_[A-Za-z0-9_-]{20,280}' }, 'https://developer.hashicorp.com/boundary/docs/concepts/domain-model/sessions', { where: 'with `boundary auth-tokens delete`' }],
  ['Infisical', 'service token', 'high', ['infisical'], { of: 'A-Za-z0-9.', length: [40, 200], form: 'st\\.[a-f0-9]{24}\\.[a-f0-9]{32}(?:\\.[a-f0-9]{32})?' }, INFISICAL, { where: 'under "Access Control > Service Tokens" of the project in Infisical' }],
  ['Infisical', 'client secret', 'high', ['infisical'], lower(64), 'https://infisical.com/docs/documentation/platform/identities/universal-auth', { rest: SECRETS, where: 'under "Universal Auth" of the identity in Infisical' }],
  ['Bitwarden', 'API key (client secret)', 'critical', ['bitwarden', 'bw_client', 'bwclient'], alphanumeric(30), 'https://bitwarden.com/help/personal-api-key/', { rest: 'secret', where: 'under "Account settings > Security > Keys" in Bitwarden' }],
  ['Bitwarden Secrets Manager', 'access token', 'critical', ['bws_', 'bitwarden'], { of: 'A-Za-z0-9.:+/=-', length: [90, 100], form: '0\\.[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}\\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==' }, 'https://bitwarden.com/help/access-tokens/', { where: 'under "Machine accounts" in Bitwarden Secrets Manager' }],
  ['Akeyless', 'access key', 'critical', ['akeyless'], base64(44), 'https://docs.akeyless.io/docs/api-key', { rest: SECRETS, where: 'under "Users & Auth Methods" in Akeyless' }],
  ['CyberArk', 'Conjur API key', 'critical', ['conjur'], lower([40, 64]), 'https://docs.cyberark.com/conjur-open-source/latest/en/content/developer/conjur_api_authenticate.htm', { rest: SECRETS, remediation: 'Rotate it with `conjur user rotate-api-key`.' }],
  ['Chef', 'Automate API token', 'high', ['chef'], base64([28, 64]), 'https://docs.chef.io/automate/api_tokens/', { rest: 'token', where: 'with `chef-automate iam token delete`' }],
  ['Puppet', 'Enterprise access token', 'high', ['puppet'], base64url([40, 64]), 'https://www.puppet.com/docs/pe/latest/rbac_token_auth_intro.html', { rest: 'token', where: 'under "Access control" in the Puppet Enterprise console' }],
  ['Spacelift', 'API key secret', 'critical', ['spacelift'], alphanumeric([40, 64]), 'https://docs.spacelift.io/integrations/api', { rest: SECRETS, where: 'under "Organization settings > API keys" in Spacelift' }],
  ['env0', 'API key secret', 'critical', ['env0'], base64url([20, 64]), 'https://docs.env0.com/docs/api-keys', { rest: 'secret|key', where: 'under "API Keys" in env0' }],
  ['HCP Terraform', 'API token', 'critical', spelled('terraform cloud', 'atlas token', 'tfe token', 'tf token'), { of: 'A-Za-z0-9._-', length: [60, 100] }, 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens', { where: 'under "User Settings > Tokens" in HCP Terraform', id: 'terraform-cloud-token-by-its-name' }],
]);

export const vaultRules: readonly Rule[] = [
  ...tokens,
  {
    id: 'terraform-cloud-token',
    title: 'HCP Terraform API token',
    severity: 'critical',
    remediation:
      'Delete it under "Account settings > Tokens", or under "API tokens" of the team or organization, in HCP Terraform.',
    source: 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
    keywords: ['.atlasv1.'],
    pattern: new RegExp(`${BEFORE}[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,70}(?![A-Za-z0-9_-])`),
    window: { before: 14, after: 70 },
    next: { of: 'A-Za-z0-9_-', least: 60 },
    validate: (secret) => opaque(secret, secret.slice(23)),
  },
  named({
    id: 'vault-legacy-token',
    title: 'HashiCorp Vault token',
    severity: 'critical',
    remediation: 'Revoke it with `vault token revoke`, then log in again.',
    source: VAULT,
    names: ['vault', 'root token'],
    of: 'A-Za-z0-9.',
    length: [26, 60],
    form: '[sbr]\\.[A-Za-z0-9]{24}(?:\\.[A-Za-z0-9]{5})?',
    validate: (secret) => (/[0-9]/.test(secret) ? opaque(secret, secret.slice(2)) : rejected),
  }),
  {
    id: 'vault-unseal-key',
    title: 'HashiCorp Vault unseal or recovery key',
    severity: 'critical',
    remediation: 'Create new key shares with `vault operator rekey`.',
    source: 'https://developer.hashicorp.com/vault/docs/concepts/seal',
    keywords: ['Unseal Key', 'Recovery Key'],
    pattern:
      /(?:Unseal|Recovery) Key(?: [0-9]{1,2})?[\t ]{0,4}:[\t ]{0,4}(?<secret>[A-Za-z0-9+/]{43,44}={0,1}|[a-f0-9]{64,66})(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 84 },
    validate: (secret) => opaque(secret, secret),
  },
  prefixed({
    id: '1password-service-account-token',
    title: '1Password service account token',
    severity: 'critical',
    remediation: 'Revoke it under "Developer > Service Accounts" in 1Password, then create a new one.',
    source: 'https://developer.1password.com/docs/service-accounts/security/',
    prefix: 'ops_eyJ',
    of: 'A-Za-z0-9+/_=-',
    length: [200, 1600],
    validate: onePasswordToken,
  }),
  prefixed({
    id: '1password-secret-key',
    title: '1Password Secret Key',
    severity: 'high',
    remediation: 'Create a new Secret Key under "Manage Account" on 1Password.com.',
    source: 'https://support.1password.com/secret-key-security/',
    prefix: 'A3-',
    of: 'A-Z0-9-',
    length: [31, 40],
    form: '[A-Z0-9]{6}-(?:[A-Z0-9]{6}-[A-Z0-9]{5}|[A-Z0-9]{11})(?:-[A-Z0-9]{5}){3}',
  }),
  ...values,
  {
    id: 'ansible-password',
    title: 'Host or vault password in Ansible variables',
    severity: 'high',
    confidence: 'medium',
    remediation: 'Change the password, then encrypt the variable with `ansible-vault`.',
    source: 'https://docs.ansible.com/ansible/latest/vault_guide/index.html',
    keywords: ['ansible_'],
    pattern:
      /ansible_(?:ssh_|become_|sudo_|su_|winrm_|httpapi_|vault_)?pass(?:word)?["']?[\t ]{0,4}[=:][\t ]{0,4}["']?(?<secret>[^\s"'{}<>$!|,;][^\s"'{}<>|,;]{3,63})(?![^\s"',;}#])/,
    window: { before: 0, after: 104 },
    next: [{ of: 'a-z_', least: 4, most: 24 }],
    validate: (secret) => opaque(secret, `${secret}-ansible`),
  },
];
