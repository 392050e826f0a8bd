/** Services that build, test and deploy, and services for code quality. */
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64,
  base64url,
  hex,
  lower,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { opaque } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

const CIRCLECI = 'https://circleci.com/changelog/new-format-for-api-access-tokens/';
const BUILDKITE = 'https://buildkite.com/docs/platform/security/tokens';
const JENKINS = 'https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/';
const SONAR = 'https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens';
const CODACY = 'https://docs.codacy.com/codacy-api/api-tokens/';
const SNYK = 'https://docs.snyk.io/snyk-api/authentication-for-api';

// prettier-ignore
const tokens = tokenRules([
  ['CircleCI', 'personal API token', 'critical', 'CCIPAT_', { ...base64url([56, 80]), form: '[A-Za-z0-9]{15,39}_[a-f0-9]{40}' }, CIRCLECI, { where: 'under "User Settings > Personal API Tokens" in CircleCI' }],
  ['CircleCI', 'project API token', 'high', 'CCIPRJ_', { ...base64url([56, 80]), form: '[A-Za-z0-9]{15,39}_[a-f0-9]{40}' }, CIRCLECI, { where: 'under "Project Settings > API Permissions" in CircleCI' }],
  ['Buildkite', 'API access token', 'critical', 'bkua_', hex([40, 64]), BUILDKITE, { where: 'under "Personal Settings > API Access Tokens" in Buildkite' }],
  ['Buildkite', 'agent, job, cluster or package registry token', 'high', ['bkct_', 'bkaa_', 'bkaj_', 'bkrt_', 'bkpt_', 'bkat_'], base64url([32, 90]), BUILDKITE, { where: 'under "Agents" or "Package Registries" of the organization in Buildkite' }],
  ['Chromatic', 'project token', 'medium', 'chpt_', lower([12, 24]), 'https://www.chromatic.com/docs/setup/', { where: 'under "Manage" of the project in Chromatic' }],
  ['SonarQube', 'user token', 'high', 'squ_', hex(40), SONAR, { where: 'under "My Account > Security" in SonarQube' }],
  ['SonarQube', 'analysis token', 'high', ['sqp_', 'sqa_'], hex(40), SONAR, { where: 'under "My Account > Security" in SonarQube' }],
]);

// prettier-ignore
const values = valueRules([
  ['CircleCI', 'API token', 'critical', spelled('circle ci', 'circle token'), hex(40), 'https://circleci.com/docs/managing-api-tokens/', { where: 'under "User Settings > Personal API Tokens" in CircleCI' }],
  ['Gitea or Forgejo', 'access token', 'critical', ['gitea', 'forgejo', 'codeberg'], lower(40), 'https://docs.gitea.com/development/api-usage', { rest: SECRETS, where: 'under "Settings > Applications" in Gitea or Forgejo' }],
  ['Bitrise', 'access token', 'high', ['bitrise'], base64url([80, 100]), 'https://docs.bitrise.io/en/bitrise-platform/accounts/personal-access-tokens.html', { rest: SECRETS, where: 'under "Account settings > Security" in Bitrise' }],
  ['Codemagic', 'API token', 'high', ['codemagic', 'cm_api'], base64url([36, 48]), 'https://docs.codemagic.io/rest-api/codemagic-rest-api/', { rest: SECRETS, where: 'under "Integrations > Codemagic API" in Codemagic' }],
  ['Percy', 'project token', 'medium', ['percy'], { of: 'a-z0-9_', length: [64, 70], form: '(?:[a-z]{2,5}_)?[a-f0-9]{64}' }, 'https://www.browserstack.com/docs/percy/', { rest: 'token', where: 'under "Project settings" in Percy' }],
  ['BrowserStack', 'access key', 'high', ['browserstack'], alphanumeric(20), 'https://www.browserstack.com/docs/automate/selenium/getting-started/nodejs', { rest: SECRETS, where: 'under "Account > Profile" in BrowserStack' }],
  ['Sauce Labs', 'access key', 'high', [...spelled('sauce labs', 'sauce access'), 'sauce_'], uuid, 'https://docs.saucelabs.com/basics/acct-team-mgmt/managing-user-info/', { rest: SECRETS, where: 'under "Account > User settings" in Sauce Labs' }],
  ['Cypress', 'record key', 'low', ['cypress_record', 'cypress-record', 'cypress.record', 'cypressrecord', 'record_key', 'recordkey'], uuid, 'https://docs.cypress.io/cloud/account-management/projects#Record-keys', { where: 'under "Project settings" in Cypress Cloud' }],
  ['LambdaTest', 'access key', 'high', ['lambdatest', 'lt_access'], base64url([40, 64]), 'https://www.lambdatest.com/support/docs/', { rest: SECRETS, where: 'under "Account settings > Password & Security" in LambdaTest' }],
  ['Applitools', 'API key', 'high', ['applitools'], base64url([40, 128]), 'https://applitools.com/docs/eyes/', { rest: SECRETS, where: 'under "Admin > API keys" in Applitools' }],
  ['Travis CI', 'access token', 'high', ['travis'], base64url([20, 24]), 'https://docs.travis-ci.com/user/triggering-builds/', { rest: SECRETS, where: 'under "Settings > API authentication" in Travis CI' }],
  ['Jenkins', 'API token', 'critical', ['jenkins'], hex([32, 34]), JENKINS, { rest: `${SECRETS}|pwd`, where: 'under "Security > API Token" of the user in Jenkins' }],
  ['Jenkins', 'agent secret or crumb', 'medium', ['jenkins'], hex(64), 'https://www.jenkins.io/doc/book/security/csrf-protection/', { rest: 'secret|crumb|agent|jnlp', remediation: 'Delete the agent under "Manage Jenkins > Nodes" in Jenkins, then create a new one.' }],
  ['Buildkite', 'API or agent token', 'high', ['buildkite'], hex([40, 50]), 'https://buildkite.com/docs/apis/managing-api-tokens', { rest: 'token|key', where: 'under "API Access Tokens" or "Agents" in Buildkite' }],
  ['Drone CI', 'access token', 'high', ['drone_', 'drone-', 'droneci'], alphanumeric(32), 'https://docs.drone.io/cli/configure/', { rest: SECRETS, where: 'under "User Settings" in Drone' }],
  ['Bamboo', 'personal access token', 'high', ['bamboo'], base64([44, 48]), 'https://confluence.atlassian.com/bamboo/personal-access-tokens-976779873.html', { rest: SECRETS, where: 'under "Profile > Personal access tokens" in Bamboo' }],
  ['AppVeyor', 'API token', 'high', ['appveyor'], { of: 'a-zA-Z0-9.', length: [20, 30], form: '(?:v2\\.)?[a-z0-9]{20}' }, 'https://www.appveyor.com/docs/api/', { rest: SECRETS, where: 'under "My Profile > API keys" in AppVeyor' }],
  ['Codecov', 'upload or access token', 'medium', ['codecov'], { of: 'a-f0-9-', length: [32, 36], form: '(?:[a-f0-9]{32}|[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12})' }, 'https://docs.codecov.com/docs/codecov-tokens', { where: 'under "Settings > General" of the repository in Codecov' }],
  ['Codacy', 'API or project token', 'high', ['codacy'], alphanumeric([20, 32]), CODACY, { rest: 'token|key', where: 'under "Your account > Access management" or in the repository integrations of Codacy' }],
  ['Code Climate', 'token', 'medium', [...spelled('code climate'), 'cc_test_reporter'], hex([40, 64]), 'https://docs.codeclimate.com/docs/finding-your-test-coverage-token', { where: 'under "Test coverage" of the repository or "API access" of the user in Code Climate' }],
  ['Coveralls', 'repository token', 'medium', ['coveralls', 'repo_token', 'repotoken'], alphanumeric([30, 40]), 'https://docs.coveralls.io/api-introduction', { rest: SECRETS, where: 'under "Settings" of the repository in Coveralls' }],
  ['SonarQube Server or SonarQube Cloud', 'token', 'high', ['sonar'], hex(40), SONAR, { rest: `${SECRETS}|login`, where: 'under "My Account > Security" in SonarQube', id: 'sonarqube-or-sonarcloud-token' }],
  ['Snyk', 'API token', 'high', ['snyk'], uuid, SNYK, { rest: 'key|token|auth|secret|api|oauth', where: 'under "Account settings > General" in Snyk' }],
  ['Semgrep', 'token', 'medium', ['semgrep'], hex(64), 'https://semgrep.dev/docs/deployment/add-semgrep-to-other-ci-providers', { rest: SECRETS, where: 'under "Settings > Tokens" in Semgrep' }],
  ['Harness', 'platform API key', 'high', ['harness'], base64url([20, 64]), 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/', { rest: 'api[_-]?key', where: 'under "My API Keys" in Harness', id: 'harness-platform-key' }],
]);

/** 25 capitals and digits have digits among them; else they are words. */
function withDigits(secret: string): Verdict {
  return /[0-9]/.test(secret.slice(4)) ? opaque(secret, secret.slice(4)) : rejected;
}

export const ciRules: readonly Rule[] = [
  ...tokens,
  ...tokenRules([
    // The base64 of `{"typ": "TCV2"}`.
    [
      'TeamCity',
      'access token',
      'critical',
      'eyJ0eXAiOiAiVENWMiJ9.',
      { of: 'A-Za-z0-9_.=-', length: [40, 200] },
      'https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html#Managing+Access+Tokens',
      { where: 'under "Your Profile > Access Tokens" in TeamCity' },
    ],
    // Account, id, secret.
    [
      'Harness',
      'personal or service account token',
      'critical',
      ['pat.', 'sat.'],
      { of: 'A-Za-z0-9_.-', length: [60, 80], form: '[A-Za-z0-9_-]{20,24}\\.[a-f0-9]{24}\\.[A-Za-z0-9]{20}' },
      'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/',
      { where: 'under "My API Keys" or "Service Accounts" in Harness' },
    ],
    [
      'Snyk',
      'personal or service account token',
      'high',
      ['snyk_uat.', 'snyk_sat.'],
      { of: 'A-Za-z0-9._-', length: [30, 300] },
      SNYK,
      { where: 'under "Account settings" or "Service accounts" in Snyk' },
    ],
  ]),
  prefixed({
    id: 'octopus-api-key',
    title: 'Octopus Deploy API key',
    severity: 'critical',
    remediation: 'Revoke it under "Profile > My API Keys" in Octopus, then create a new one.',
    source: 'https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key',
    prefix: 'API-',
    of: 'A-Z0-9',
    length: [25, 36],
    validate: withDigits,
  }),
  {
    id: 'jenkins-user-and-token',
    title: 'Jenkins user name and API token',
    severity: 'critical',
    confidence: 'medium',
    remediation: 'Revoke it under "Security > API Token" of the user in Jenkins, then create a new one.',
    source: JENKINS,
    // `11` is the version of the token's format.
    keywords: [':11'],
    pattern: /(?<=[A-Za-z0-9_.@-]):(?<secret>11[a-f0-9]{32})(?![A-Za-z0-9_\\-])/,
    window: { before: 0, after: 32 },
    next: { of: 'a-f0-9', least: 32 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'command-line-uuid-token',
    title: 'Snyk or Codecov token on a command line',
    severity: 'high',
    confidence: 'medium',
    remediation: 'Revoke it in the account settings of Snyk or Codecov, then create a new one.',
    source: SNYK,
    keywords: ['snyk auth', 'codecov'],
    pattern: new RegExp(
      `(?:snyk auth|codecov(?:cli)?[A-Za-z -]{0,40} (?:-t|--token))[ =]["']?(?<secret>${uuid.form})(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 100 },
    // More options may follow each keyword before the one with the token.
    next: { of: 'A-Za-z =-', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
  ...values,
];
