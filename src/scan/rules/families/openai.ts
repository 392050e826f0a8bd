/**
 * OpenAI and Anthropic, whose keys have a distinctive format, and other model vendors whose keys begin with
 * `sk-` like OpenAI's.
 */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { alphanumeric, base64url, lower, tokenRules } from '../authoring/table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { type Verdict, proven, rejected } from '../model/verdict.ts';

const OPENAI = 'https://platform.openai.com/docs/api-reference/authentication';
const ANTHROPIC = 'https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key';
const OPENAI_KEYS = 'Revoke it under "API keys" in the OpenAI platform, then create a new one.';
/** The base64 of `OpenAI`, in the middle of each key. */
const MARK = 'T3BlbkFJ';

function openAiKey(secret: string): Verdict {
  const verdict = opaque(secret, secret.slice(8));
  return verdict.ok && verdict.severity === undefined && secret.includes(MARK)
    ? proven("contains the vendor's marker")
    : verdict;
}

export const openAiRules: readonly Rule[] = [
  prefixed({
    id: 'openai-admin-key',
    title: 'OpenAI admin API key',
    severity: 'critical',
    remediation:
      'Revoke it under "Admin keys" of the organization in the OpenAI platform, then create a new one.',
    source: 'https://platform.openai.com/docs/api-reference/admin-api-keys',
    prefix: 'sk-admin-',
    ...base64url([40, 220]),
    validate: openAiKey,
  }),
  prefixed({
    id: 'openai-project-key',
    title: 'OpenAI project, service account or user API key',
    severity: 'critical',
    remediation: OPENAI_KEYS,
    source: OPENAI,
    prefix: ['sk-proj-', 'sk-svcacct-', 'sk-service-', 'sk-None-'],
    ...base64url([40, 220]),
    validate: openAiKey,
  }),
  {
    id: 'openai-api-key',
    title: 'OpenAI API key',
    severity: 'critical',
    remediation: OPENAI_KEYS,
    source: OPENAI,
    keywords: [MARK],
    pattern: new RegExp(
      `${BEFORE}sk-(?:[A-Za-z0-9-]{1,40}-)?[A-Za-z0-9]{20}${MARK}[A-Za-z0-9]{20}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 66, after: 20 },
    next: { of: 'A-Za-z0-9', least: 20 },
    validate: openAiKey,
  },
  // prettier-ignore
  ...tokenRules([
    ['OpenAI', 'session token', 'high', 'sess-', alphanumeric(40), OPENAI, { remediation: 'Sign out of all devices in the OpenAI settings, which ends the session.' }],
    ['Anthropic', 'admin API key', 'critical', ['sk-ant-admin01-', 'sk-ant-admin-'], base64url([80, 120]), ANTHROPIC, { where: 'under "Admin keys" in the Claude Console' }],
    ['Anthropic', 'API key', 'critical', ['sk-ant-api03-', 'sk-ant-api02-', 'sk-ant-api01-', 'sk-ant-api04-'], base64url([80, 120]), ANTHROPIC, { where: 'under "API keys" in the Claude Console' }],
    ['Anthropic', 'OAuth or refresh token', 'high', ['sk-ant-oat01-', 'sk-ant-ort01-'], base64url([80, 120]), 'https://code.claude.com/docs/en/authentication', { where: 'under "Settings" in the Claude account' }],
    ['Anthropic', 'session key', 'high', ['sk-ant-sid01-', 'sk-ant-sid02-'], base64url([60, 160]), ANTHROPIC, { remediation: 'Sign out of all devices in the Claude account settings, which ends the session.' }],
    ['OpenRouter', 'API key', 'high', 'sk-or-v1-', lower(64), 'https://openrouter.ai/docs/api-reference/authentication', { where: 'under "Keys" in OpenRouter' }],
    ['Langfuse', 'secret key', 'high', 'sk-lf-', { of: 'a-f0-9-', length: 36 }, 'https://langfuse.com/docs/api', { where: 'under "Settings > API Keys" of the project in Langfuse' }],
    ['Langfuse', 'public key (identifier)', 'low', 'pk-lf-', { of: 'a-f0-9-', length: 36 }, 'https://langfuse.com/docs/api', { where: 'under "Settings > API Keys" of the project in Langfuse', id: 'langfuse-public-key-an-identifier' }],
  ]),
  prefixed({
    id: 'sk-api-key',
    title: 'AI provider API key (older OpenAI, DeepSeek, Moonshot AI, DashScope, Stability AI)',
    severity: 'high',
    confidence: 'medium',
    remediation:
      "Delete the key in the provider's console (for example, the OpenAI platform), then create a new one.",
    source: 'https://api-docs.deepseek.com/',
    prefix: 'sk-',
    ...alphanumeric([32, 64]),
    validate: (secret) => {
      const body = secret.slice(3);
      return isMixed(body) || /^(?=[a-f]{0,30}[0-9])(?=[0-9]{0,30}[a-z])[a-z0-9]{32,64}$/.test(body)
        ? opaque(secret, body)
        : rejected;
    },
  }),
];
