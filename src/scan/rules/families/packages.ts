/** Package and image registries, except npm: PyPI, RubyGems, NuGet, crates.io, Docker Hub, Artifactory ... */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64url,
  describe,
  hex,
  lower,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { artifactoryReference, pypiToken } from '../validators/packages.ts';
import { opaque } from '../validators/opaque.ts';
import { cratesToken, nuGetKey } from '../validators/platform-tokens.ts';

const DOCKER = 'https://docs.docker.com/security/access-tokens/';
const JFROG = 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens';
const MAVEN = 'https://central.sonatype.org/publish/generate-portal-token/';

// prettier-ignore
const tokens = tokenRules([
  ['RubyGems', 'API key', 'critical', 'rubygems_', hex(48), 'https://guides.rubygems.org/api-key-scopes/', { where: 'under "Settings > API keys" in RubyGems' }],
  ['NuGet', 'API key', 'critical', 'oy2', lower(43), 'https://learn.microsoft.com/nuget/nuget-org/publish-a-package', { where: 'under "API Keys" on nuget.org' }],
  ['crates.io', 'API token', 'critical', 'cio', alphanumeric(32), 'https://doc.rust-lang.org/cargo/reference/publishing.html', { where: 'under "Account Settings > API Tokens" on crates.io' }],
  ['Docker Hub', 'personal access token', 'critical', 'dckr_pat_', base64url([24, 40]), DOCKER, { where: 'under "Account settings > Personal access tokens" in Docker Hub' }],
  ['Docker Hub', 'organization access token', 'critical', 'dckr_oat_', base64url([24, 64]), 'https://docs.docker.com/enterprise/security/access-tokens/', { where: 'under "Admin Console > Access tokens" in Docker Hub', id: 'docker-hub-organisation-access-token' }],
  ['Artifactory', 'API key', 'critical', 'AKCp', alphanumeric([60, 80]), JFROG, { where: 'under "Edit Profile > Authentication Settings" in the JFrog Platform' }],
  ['Private Packagist', 'token', 'high', ['packagist_ort_', 'packagist_orw_', 'packagist_uut_', 'packagist_out_', 'packagist_ust_', 'packagist_srt_'], alphanumeric([40, 90]), 'https://packagist.com/docs/composer-authentication', { where: 'under "Settings > Authentication Tokens" in Private Packagist' }],
  ['Clojars', 'deploy token', 'critical', 'CLOJARS_', lower(60), 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens', { where: 'under "Deploy Tokens" in Clojars' }],
]);

// prettier-ignore
const values = valueRules([
  ['RubyGems', 'API key (old format)', 'critical', spelled('rubygems', 'ruby gems', 'gem host'), hex([32, 48]), 'https://guides.rubygems.org/rubygems-org-api/', { rest: 'key|token|auth', where: 'under "Settings > API keys" in RubyGems', id: 'rubygems-api-key-of-the-old-format' }],
  ['NuGet', 'API key (old format)', 'high', ['nuget'], uuid, 'https://learn.microsoft.com/nuget/reference/nuget-config-file#apikeys', { rest: 'key|token|secret|pass', where: 'under "API Keys" on the NuGet server', id: 'nuget-api-key-of-the-old-format' }],
  ['Maven Central (Sonatype)', 'password or token', 'critical', ['ossrh', 'sonatype', 'mavencentral', 'maven_central'], { of: 'A-Za-z0-9+/_-', length: [8, 64] }, MAVEN, { rest: 'pass|token|secret|pwd', where: 'under "View account > User token" in the Central Portal' }],
  ['Quay', 'robot or application token', 'high', ['quay'], { of: 'A-Za-z0-9', length: [40, 64], form: '(?:[A-Z0-9]{64}|[A-Za-z0-9]{40})' }, 'https://docs.quay.io/glossary/robot-accounts.html', { rest: `${SECRETS}|robot`, where: 'under "Robot Accounts" or "Applications" in Quay', id: 'quay-token-of-a-robot-or-an-application' }],
  ['Artifactory', 'password, key or token', 'high', ['artifactory', 'jfrog', 'jf_access', 'x-jfrog-art-api'], alphanumeric([40, 128]), JFROG, { where: 'under "Edit Profile" or "Access Tokens" in the JFrog Platform' }],
  ['Cloudsmith', 'API key', 'critical', ['cloudsmith'], hex(40), 'https://help.cloudsmith.io/docs/api-key', { rest: SECRETS, where: 'under "API Settings" in Cloudsmith' }],
  ['Packagist', 'API token', 'high', ['packagist'], base64url([20, 40]), 'https://packagist.org/apidoc', { rest: 'token|secret', where: 'under "Profile" on packagist.org' }],
  ['Hex', 'API key', 'critical', ['hex_api_key', 'hexpm', 'hex_repos_key'], hex(32), 'https://hex.pm/docs/publish#publishing-from-ci', { where: 'with `mix hex.user key revoke`' }],
  ['CocoaPods', 'trunk token', 'critical', ['cocoapods'], hex(32), 'https://guides.cocoapods.org/making/getting-setup-with-trunk.html', { rest: 'token', where: 'with `pod trunk me clean-sessions`' }],
]);

export const packageRules: readonly Rule[] = [
  prefixed({
    id: 'pypi-api-token',
    title: 'PyPI API token',
    severity: 'critical',
    remediation: 'Remove it under "Account settings > API tokens" on PyPI, then create a new one.',
    source: 'https://pypi.org/help/#apitoken',
    // `AgE` is the beginning of a macaroon of version 2, whose first field is its location.
    prefix: 'pypi-AgE',
    of: 'A-Za-z0-9_-',
    length: [50, 1000],
    validate: pypiToken,
  }),
  ...tokens,
  prefixed({
    ...describe(
      'crates.io',
      'trusted publishing token',
      'medium',
      'https://crates.io/docs/trusted-publishing',
    ),
    id: 'cratesio-token-of-trusted-publishing',
    remediation: 'Let the CI job end, which revokes the token.',
    prefix: 'cio_tp_',
    ...alphanumeric(32),
    validate: cratesToken,
  }),
  {
    ...describe(
      'NuGet',
      'API key',
      'critical',
      'https://github.com/NuGet/NuGetGallery/blob/main/src/NuGetGallery.Services/Authentication/ApiKeyV5.cs',
      'under "API Keys" on nuget.org',
    ),
    id: 'nuget-api-key-in-the-annotated-form',
    keywords: ['NUGT'],
    // 52 random characters, the signature of the form, the time, platform and version, user, time, kind, expiry.
    pattern: new RegExp(
      `${BEFORE}[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{2}N5[A-Za-z0-9]{14}NUGT[A-Za-z0-9]{4}(?![A-Za-z0-9_])`,
    ),
    window: { before: 76, after: 4 },
    next: { of: 'A-Za-z0-9', least: 4 },
    validate: nuGetKey,
  },
  prefixed({
    id: 'artifactory-reference-token',
    title: 'Artifactory reference token',
    severity: 'critical',
    remediation: 'Revoke it under "Access Tokens" in the JFrog Platform, then create a new one.',
    source: JFROG,
    // The base64 of `reftkn`.
    prefix: 'cmVmdGtu',
    of: 'A-Za-z0-9',
    length: 56,
    validate: artifactoryReference,
  }),
  {
    id: 'anaconda-token',
    title: 'Anaconda.org token in a channel URL',
    severity: 'high',
    remediation: 'Remove it under "Settings > Access" on anaconda.org, then create a new one.',
    source: 'https://docs.anaconda.com/anacondaorg/user-guide/work-with-accounts/',
    keywords: ['anaconda.org/t/', 'anaconda.cloud/t/'],
    pattern: /anaconda\.(?:org|cloud)\/t\/(?<secret>[A-Za-z0-9-]{20,60})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 60 },
    next: { of: 'A-Za-z0-9-', least: 20 },
    validate: (secret) => opaque(secret, secret),
  },
  ...valueRules([
    [
      'Anaconda.org',
      'API token',
      'high',
      ['anaconda', 'conda_token', 'binstar'],
      { of: 'a-z0-9-', length: [36, 40], form: '(?:[a-z]{2}-)?[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}' },
      'https://docs.anaconda.com/anacondaorg/user-guide/work-with-accounts/',
      { rest: 'token|key', where: 'under "Settings > Access" on anaconda.org' },
    ],
  ]),
  ...values,
];
