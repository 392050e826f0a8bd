/** Registries of packages and images, apart from npm: PyPI, RubyGems, NuGet, crates.io, Docker Hub, Artifactory ... */
import { prefixed } from '../builders.ts';
import type { Rule } from '../rule.ts';
import { SECRET, alphanumeric, base64url, hex, spelled, tokenRules, uuid, valueRules } from '../table.ts';
import { artifactoryReference, pypiToken } from '../validators/packages.ts';
import { opaque } from '../validators/opaque.ts';

const DOCKER = 'https://docs.docker.com/security/access-tokens/';
const JFROG = 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens';
const MAVEN = 'https://central.sonatype.org/publish/generate-portal-token/';

// prettier-ignore
const tokens = tokenRules([
  ['rubygems-api-key', 'RubyGems API key', 'critical', 'rubygems_', hex(48),
    'under "Settings, API keys" of RubyGems', 'https://guides.rubygems.org/api-key-scopes/'],
  ['nuget-api-key', 'NuGet API key', 'critical', 'oy2', { of: 'a-z0-9', length: 43 },
    'under "API Keys" of nuget.org', 'https://learn.microsoft.com/nuget/nuget-org/publish-a-package'],
  ['crates-io-token', 'crates.io API token', 'critical', 'cio', alphanumeric(32),
    'under "Account Settings, API Tokens" of crates.io', 'https://doc.rust-lang.org/cargo/reference/publishing.html'],
  ['docker-hub-personal-token', 'Docker Hub personal access token', 'critical', 'dckr_pat_', base64url([24, 40]),
    'under "Account settings, Personal access tokens" of Docker', DOCKER],
  ['docker-hub-organisation-token', 'Docker Hub organisation access token', 'critical', 'dckr_oat_', base64url([24, 64]),
    'under "Admin Console, Access tokens" of Docker', 'https://docs.docker.com/enterprise/security/access-tokens/'],
  ['artifactory-api-key', 'Artifactory API key', 'critical', 'AKCp', alphanumeric([60, 80]),
    'under "Edit Profile, Authentication Settings" of the JFrog Platform', JFROG],
  ['packagist-token', 'Private Packagist token', 'high', ['packagist_ort_', 'packagist_orw_', 'packagist_uut_', 'packagist_out_', 'packagist_ust_', 'packagist_srt_'], alphanumeric([40, 90]),
    'under "Settings, Authentication Tokens" of Private Packagist', 'https://packagist.com/docs/composer-authentication'],
  ['clojars-deploy-token', 'Clojars deploy token', 'critical', 'CLOJARS_', { of: 'a-f0-9', length: 60 },
    'under "Deploy Tokens" of Clojars', 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens'],
]);

// prettier-ignore
const values = valueRules([
  ['rubygems-legacy-api-key', 'RubyGems API key', 'critical', spelled('rubygems', 'ruby gems', 'gem host'), hex([32, 48]),
    'under "Settings, API keys" of RubyGems', 'https://guides.rubygems.org/rubygems-org-api/', 'key|token|auth'],
  ['nuget-legacy-api-key', 'NuGet API key', 'high', ['nuget'], uuid,
    'under "API Keys" of the NuGet server', 'https://learn.microsoft.com/nuget/reference/nuget-config-file#apikeys', 'key|token|secret|pass'],
  ['maven-central-password', 'Maven Central (Sonatype) password or token', 'critical', ['ossrh', 'sonatype', 'mavencentral', 'maven_central'], { of: 'A-Za-z0-9+/_-', length: [8, 64] },
    'under "View account, User token" of the Central Portal', MAVEN, 'pass|token|secret|pwd'],
  ['quay-token', 'Quay token of a robot or an application', 'high', ['quay'], { of: 'A-Za-z0-9', length: [40, 64], form: '(?:[A-Z0-9]{64}|[A-Za-z0-9]{40})' },
    'under "Robot Accounts" or "Applications" of Quay', 'https://docs.quay.io/glossary/robot-accounts.html', `${SECRET}|robot`],
  ['artifactory-named-key', 'Artifactory password, key or token', 'high', ['artifactory', 'jfrog', 'jf_access', 'x-jfrog-art-api'], alphanumeric([40, 128]),
    'under "Edit Profile" or "Access Tokens" of the JFrog Platform', JFROG],
  ['cloudsmith-api-key', 'Cloudsmith API key', 'critical', ['cloudsmith'], hex(40),
    'under "API Settings" of Cloudsmith', 'https://help.cloudsmith.io/docs/api-key', SECRET],
  ['packagist-api-token', 'Packagist API token', 'high', ['packagist'], { of: 'A-Za-z0-9_-', length: [20, 40] },
    'under "Profile" of packagist.org', 'https://packagist.org/apidoc', 'token|secret'],
  ['hex-pm-api-key', 'Hex API key', 'critical', ['hex_api_key', 'hexpm', 'hex_repos_key'], hex(32),
    'with `mix hex.user key revoke`', 'https://hex.pm/docs/publish#publishing-from-ci'],
  ['cocoapods-trunk-token', 'CocoaPods trunk token', 'critical', ['cocoapods'], hex(32),
    'with `pod trunk me clean-sessions`', 'https://guides.cocoapods.org/making/getting-setup-with-trunk.html', 'token'],
]);

export const packageRules: readonly Rule[] = [
  prefixed({
    id: 'pypi-api-token',
    title: 'PyPI API token',
    severity: 'critical',
    remediation: 'Remove it under "Account settings, API tokens" of PyPI and make a new one.',
    source: 'https://pypi.org/help/#apitoken',
    // `AgE` is the beginning of a macaroon of version 2, whose first field is its location.
    prefix: 'pypi-AgE',
    of: 'A-Za-z0-9_-',
    length: [50, 1000],
    validate: pypiToken,
  }),
  ...tokens,
  prefixed({
    id: 'artifactory-reference-token',
    title: 'Artifactory reference token',
    severity: 'critical',
    remediation: 'Revoke it under "Access Tokens" of the JFrog Platform and make a new one.',
    source: JFROG,
    // The base64 of `reftkn`.
    prefix: 'cmVmdGtu',
    of: 'A-Za-z0-9',
    length: 56,
    validate: artifactoryReference,
  }),
  {
    id: 'anaconda-token',
    title: 'Anaconda.org token in a channel',
    severity: 'high',
    remediation: 'Remove it under "Settings, Access" of anaconda.org and make a new one.',
    source: 'https://docs.anaconda.com/anacondaorg/user-guide/work-with-accounts/',
    keywords: ['anaconda.org/t/', 'anaconda.cloud/t/'],
    pattern: /anaconda\.(?:org|cloud)\/t\/(?<secret>[A-Za-z0-9-]{20,60})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 60 },
    next: { of: 'A-Za-z0-9-', least: 20 },
    validate: (secret) => opaque(secret, secret),
  },
  ...valueRules([
    // prettier-ignore
    ['anaconda-api-token', 'Anaconda.org API token', 'high', ['anaconda', 'conda_token', 'binstar'], { of: 'a-z0-9-', length: [36, 40], form: '(?:[a-z]{2}-)?[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}' },
      'under "Settings, Access" of anaconda.org', 'https://docs.anaconda.com/anacondaorg/user-guide/work-with-accounts/', 'token|key'],
  ]),
  ...values,
];
