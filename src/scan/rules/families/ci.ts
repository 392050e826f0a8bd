/** Services that build, test and deploy, and those that measure the quality of code. */
import { prefixed } from '../builders.ts';
import type { Rule } from '../rule.ts';
import {
  SECRET,
  alphanumeric,
  base64,
  base64url,
  hex,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../table.ts';
import { opaque } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../validators/verdict.ts';

const CIRCLECI = 'https://circleci.com/changelog/new-format-for-api-access-tokens/';
const BUILDKITE = 'https://buildkite.com/docs/platform/security/tokens';
const JENKINS = 'https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/';
const SONAR = 'https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens';
const CODACY = 'https://docs.codacy.com/codacy-api/api-tokens/';
const SNYK = 'https://docs.snyk.io/snyk-api/authentication-for-api';

// prettier-ignore
const tokens = tokenRules([
  ['circleci-personal-token', 'CircleCI personal API token', 'critical', 'CCIPAT_', { ...base64url([56, 80]), form: '[A-Za-z0-9]{15,39}_[a-f0-9]{40}' },
    'under "User Settings, Personal API Tokens" of CircleCI', CIRCLECI],
  ['circleci-project-token', 'CircleCI project API token', 'high', 'CCIPRJ_', { ...base64url([56, 80]), form: '[A-Za-z0-9]{15,39}_[a-f0-9]{40}' },
    'under "Project Settings, API Permissions" of CircleCI', CIRCLECI],
  ['buildkite-api-token', 'Buildkite API access token', 'critical', 'bkua_', hex([40, 64]),
    'under "Personal Settings, API Access Tokens" of Buildkite', BUILDKITE],
  ['buildkite-agent-token', 'Buildkite agent, job, cluster or package registry token', 'high', ['bkct_', 'bkaa_', 'bkaj_', 'bkrt_', 'bkpt_', 'bkat_'], base64url([32, 90]),
    'under "Agents" or "Package Registries" of the organisation in Buildkite', BUILDKITE],
  ['chromatic-project-token', 'Chromatic project token', 'medium', 'chpt_', { of: 'a-f0-9', length: [12, 24] },
    'under "Manage" of the project in Chromatic', 'https://www.chromatic.com/docs/setup/'],
  ['sonarqube-user-token', 'SonarQube user token', 'high', 'squ_', hex(40), 'under "My Account, Security" of SonarQube', SONAR],
  ['sonarqube-analysis-token', 'SonarQube analysis token', 'high', ['sqp_', 'sqa_'], hex(40), 'under "My Account, Security" of SonarQube', SONAR],
]);

// prettier-ignore
const values = valueRules([
  ['circleci-legacy-token', 'CircleCI API token', 'critical', spelled('circle ci', 'circle token'), hex(40),
    'under "User Settings, Personal API Tokens" of CircleCI', 'https://circleci.com/docs/managing-api-tokens/'],
  ['gitea-token', 'Gitea or Forgejo access token', 'critical', ['gitea', 'forgejo', 'codeberg'], { of: 'a-f0-9', length: 40 },
    'under "Settings, Applications" of Gitea or Forgejo', 'https://docs.gitea.com/development/api-usage', SECRET],
  ['bitrise-token', 'Bitrise access token', 'high', ['bitrise'], base64url([80, 100]),
    'under "Account settings, Security" of Bitrise', 'https://docs.bitrise.io/en/bitrise-platform/accounts/personal-access-tokens.html', SECRET],
  ['codemagic-token', 'Codemagic API token', 'high', ['codemagic', 'cm_api'], base64url([36, 48]),
    'under "Integrations, Codemagic API" of Codemagic', 'https://docs.codemagic.io/rest-api/codemagic-rest-api/', SECRET],
  ['percy-token', 'Percy project token', 'medium', ['percy'], { of: 'a-z0-9_', length: [64, 70], form: '(?:[a-z]{2,5}_)?[a-f0-9]{64}' },
    'under "Project settings" of Percy', 'https://www.browserstack.com/docs/percy/', 'token'],
  ['browserstack-access-key', 'BrowserStack access key', 'high', ['browserstack'], alphanumeric(20),
    'under "Account, Profile" of BrowserStack', 'https://www.browserstack.com/docs/automate/selenium/getting-started/nodejs', SECRET],
  ['sauce-labs-access-key', 'Sauce Labs access key', 'high', [...spelled('sauce labs', 'sauce access'), 'sauce_'], uuid,
    'under "Account, User settings" of Sauce Labs', 'https://docs.saucelabs.com/basics/acct-team-mgmt/managing-user-info/', SECRET],
  ['cypress-record-key', 'Cypress record key', 'low', ['cypress_record', 'cypress-record', 'cypress.record', 'cypressrecord', 'record_key', 'recordkey'], uuid,
    'under "Project settings" of Cypress Cloud', 'https://docs.cypress.io/cloud/account-management/projects#Record-keys'],
  ['lambdatest-access-key', 'LambdaTest access key', 'high', ['lambdatest', 'lt_access'], base64url([40, 64]),
    'under "Account settings, Password & Security" of LambdaTest', 'https://www.lambdatest.com/support/docs/', SECRET],
  ['applitools-api-key', 'Applitools API key', 'high', ['applitools'], base64url([40, 128]),
    'under "Admin, API keys" of Applitools', 'https://applitools.com/docs/eyes/', SECRET],
  ['travis-token', 'Travis CI access token', 'high', ['travis'], base64url([20, 24]),
    'under "Settings, API authentication" of Travis CI', 'https://docs.travis-ci.com/user/triggering-builds/', SECRET],
  ['jenkins-api-token', 'Jenkins API token', 'critical', ['jenkins'], hex([32, 34]),
    'under "Configure, API Token" of the Jenkins user', JENKINS, `${SECRET}|pwd`],
  ['jenkins-agent-secret', 'Jenkins agent secret or crumb', 'medium', ['jenkins'], hex(64),
    'by deleting the agent (a crumb ends with its session)', 'https://www.jenkins.io/doc/book/security/csrf-protection/', 'secret|crumb|agent|jnlp'],
  ['buildkite-legacy-token', 'Buildkite API or agent token', 'high', ['buildkite'], hex([40, 50]),
    'under "API Access Tokens" or "Agents" of Buildkite', 'https://buildkite.com/docs/apis/managing-api-tokens', 'token|key'],
  ['drone-token', 'Drone CI access token', 'high', ['drone_', 'drone-', 'droneci'], alphanumeric(32),
    'under "User Settings" of Drone', 'https://docs.drone.io/cli/configure/', SECRET],
  ['bamboo-token', 'Bamboo personal access token', 'high', ['bamboo'], base64([44, 48]),
    'under "Profile, Personal access tokens" of Bamboo', 'https://confluence.atlassian.com/bamboo/personal-access-tokens-976779873.html', SECRET],
  ['appveyor-api-token', 'AppVeyor API token', 'high', ['appveyor'], { of: 'a-zA-Z0-9.', length: [20, 30], form: '(?:v2\\.)?[a-z0-9]{20}' },
    'under "My Profile, API keys" of AppVeyor', 'https://www.appveyor.com/docs/api/', SECRET],
  ['codecov-token', 'Codecov upload or access token', 'medium', ['codecov'], { of: 'a-f0-9-', length: [32, 36], form: '(?:[a-f0-9]{32}|[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12})' },
    'under "Settings, General" of the repository in Codecov', 'https://docs.codecov.com/docs/codecov-tokens'],
  ['codacy-token', 'Codacy API or project token', 'high', ['codacy'], alphanumeric([20, 32]),
    'under "Your account, Access management" or the repository\'s integrations of Codacy', CODACY, 'token|key'],
  ['code-climate-token', 'Code Climate token', 'medium', [...spelled('code climate'), 'cc_test_reporter'], hex([40, 64]),
    'under "Test coverage" of the repository or "API access" of the user in Code Climate', 'https://docs.codeclimate.com/docs/finding-your-test-coverage-token'],
  ['coveralls-repo-token', 'Coveralls repository token', 'medium', ['coveralls', 'repo_token', 'repotoken'], alphanumeric([30, 40]),
    'under "Settings" of the repository in Coveralls', 'https://docs.coveralls.io/api-introduction', SECRET],
  ['sonarqube-legacy-token', 'SonarQube or SonarCloud token', 'high', ['sonar'], hex(40),
    'under "My Account, Security" of SonarQube', SONAR, `${SECRET}|login`],
  ['snyk-api-token', 'Snyk API token', 'high', ['snyk'], uuid,
    'under "Account settings, General" of Snyk', SNYK, 'key|token|auth|secret|api|oauth'],
  ['semgrep-token', 'Semgrep token', 'medium', ['semgrep'], hex(64),
    'under "Settings, Tokens" of Semgrep', 'https://semgrep.dev/docs/deployment/add-semgrep-to-other-ci-providers', SECRET],
  ['harness-account-key', 'Harness platform key', 'high', ['harness'], base64url([20, 64]),
    'under "My API Keys" of Harness', 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/', 'api[_-]?key'],
]);

/** 25 capitals and digits have digits among them; else they are words. */
function withDigits(secret: string): Verdict {
  return /[0-9]/.test(secret.slice(4)) ? opaque(secret, secret.slice(4)) : rejected;
}

export const ciRules: readonly Rule[] = [
  ...tokens,
  ...tokenRules([
    // The base64 of `{"typ": "TCV2"}`.
    // prettier-ignore
    ['teamcity-access-token', 'TeamCity access token', 'critical', 'eyJ0eXAiOiAiVENWMiJ9.', { of: 'A-Za-z0-9_.=-', length: [40, 200] },
      'under "Your Profile, Access Tokens" of TeamCity', 'https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html#Managing+Access+Tokens'],
    // Account, id, secret.
    // prettier-ignore
    ['harness-token', 'Harness personal or service account token', 'critical', ['pat.', 'sat.'], { of: 'A-Za-z0-9_.-', length: [60, 80], form: '[A-Za-z0-9_-]{20,24}\\.[a-f0-9]{24}\\.[A-Za-z0-9]{20}' },
      'under "My API Keys" or "Service Accounts" of Harness', 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/'],
    // prettier-ignore
    ['snyk-personal-token', 'Snyk personal or service account token', 'high', ['snyk_uat.', 'snyk_sat.'], { of: 'A-Za-z0-9._-', length: [30, 300] },
      'under "Account settings" or "Service accounts" of Snyk', SNYK],
  ]),
  prefixed({
    id: 'octopus-api-key',
    title: 'Octopus Deploy API key',
    severity: 'critical',
    remediation: 'Revoke it under "Profile, My API Keys" of Octopus and make a new one.',
    source: 'https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key',
    prefix: 'API-',
    of: 'A-Z0-9',
    length: [25, 36],
    validate: withDigits,
  }),
  {
    id: 'jenkins-user-and-token',
    title: 'Jenkins API token beside its user',
    severity: 'critical',
    confidence: 'medium',
    remediation: 'Revoke it under "Configure, API Token" of the Jenkins user and make a new one.',
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
    remediation: 'Revoke it in the settings of the service and make a new one.',
    source: SNYK,
    keywords: ['snyk auth', 'codecov -t', 'codecov --token', 'codecovcli'],
    pattern: new RegExp(
      `(?:snyk auth|codecov(?:cli)?[A-Za-z -]{0,40} (?:-t|--token))[ =]["']?(?<secret>${uuid.form})(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 100 },
    next: { of: ' =', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
  ...values,
];
