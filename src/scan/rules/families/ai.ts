/** Services for models, agents and machine learning, except OpenAI, Anthropic and Google. */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64url,
  hex,
  lower,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const HUGGING_FACE = 'https://huggingface.co/docs/hub/security-tokens';
const LANGSMITH = 'https://docs.langchain.com/langsmith/create-account-api-key';
const MODAL = 'https://modal.com/docs/reference/modal.config';

// prettier-ignore
const tokens = tokenRules([
  ['Hugging Face', 'access token', 'critical', 'hf_', alphanumeric([30, 40]), HUGGING_FACE, { where: 'under "Settings > Access Tokens" in Hugging Face' }],
  ['Hugging Face', 'organization API token', 'critical', 'api_org_', alphanumeric([30, 40]), HUGGING_FACE, { where: 'under "Settings" of the organization in Hugging Face', id: 'hugging-face-organisation-api-token' }],
  ['Replicate', 'API token', 'high', 'r8_', alphanumeric(37), 'https://replicate.com/docs/topics/security/api-tokens', { where: 'under "Account > API tokens" in Replicate' }],
  ['Groq', 'API key', 'high', 'gsk_', alphanumeric([48, 56]), 'https://console.groq.com/docs/quickstart', { where: 'under "API Keys" in the Groq console' }],
  ['xAI', 'API key', 'high', 'xai-', alphanumeric([70, 90]), 'https://docs.x.ai/docs/overview', { where: 'under "API Keys" in the xAI console' }],
  ['Perplexity', 'API key', 'high', 'pplx-', alphanumeric([40, 64]), 'https://docs.perplexity.ai/getting-started/quickstart', { where: 'under "Settings > API" in Perplexity' }],
  ['Together AI', 'API key', 'high', 'tgp_v1_', base64url([40, 50]), 'https://docs.together.ai/docs/api-keys-authentication', { where: 'under "Settings > API Keys" in Together AI' }],
  ['ElevenLabs', 'API key', 'high', 'sk_', lower(48), 'https://elevenlabs.io/docs/api-reference/authentication', { where: 'under "Developers > API Keys" in ElevenLabs' }],
  ['Runway', 'or Cursor API key', 'high', ['key_', 'crsr_'], { of: 'a-f0-9', length: [64, 128], form: '(?:[a-f0-9]{128}|[a-f0-9]{64})' }, 'https://docs.dev.runwayml.com/guides/setup/', { where: 'under "API Keys" in Runway or under "Integrations" in Cursor' }],
  ['Luma AI', 'API key', 'high', 'luma-', { of: 'a-f0-9-', length: [36, 110] }, 'https://docs.lumalabs.ai/docs/api', { where: 'under "API > Keys" in Luma AI' }],
  ['LangSmith', 'API key', 'high', ['lsv2_pt_', 'lsv2_sk_'], { of: 'a-f0-9_', length: [40, 46] }, LANGSMITH, { where: 'under "Settings > API Keys" in LangSmith' }],
  ['LangSmith', 'API key (old format)', 'high', 'ls__', lower(32), LANGSMITH, { where: 'under "Settings > API Keys" in LangSmith', id: 'langsmith-api-key-of-the-old-format' }],
  ['Weights & Biases', 'API key', 'high', 'wandb_v1_', base64url([60, 100]), 'https://docs.wandb.ai/support/find_api_key/', { where: 'under "User settings > API keys" in Weights & Biases' }],
  ['Tavily', 'API key', 'medium', 'tvly-', base64url([30, 60]), 'https://docs.tavily.com/documentation/api-reference/introduction', { where: 'under "API Keys" in Tavily' }],
  ['Firecrawl', 'API key', 'medium', 'fc-', lower(32), 'https://docs.firecrawl.dev/introduction', { where: 'under "API Keys" in Firecrawl' }],
  ['Jina AI', 'API key', 'medium', 'jina_', base64url([56, 64]), 'https://jina.ai/embeddings/', { where: 'under "API key & billing" in Jina AI' }],
  ['NVIDIA', 'API key', 'high', 'nvapi-', base64url([60, 72]), 'https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html#ngc-api-keys', { where: 'under "API Keys" on build.nvidia.com' }],
  ['Cerebras', 'API key', 'high', 'csk-', alphanumeric([44, 56]), 'https://inference-docs.cerebras.ai/quickstart', { where: 'under "API Keys" in Cerebras Cloud' }],
  ['Runpod', 'API key', 'critical', 'rpa_', alphanumeric([36, 60]), 'https://docs.runpod.io/get-started/api-keys', { where: 'under "Settings > API Keys" in Runpod' }],
  ['Anyscale', 'API key', 'high', ['aph0_', 'esecret_'], alphanumeric([24, 80]), 'https://docs.anyscale.com/', { where: 'under "API keys" in Anyscale' }],
  ['LlamaCloud', 'API key', 'high', 'llx-', alphanumeric([40, 60]), 'https://docs.cloud.llamaindex.ai/', { where: 'under "API Key" in LlamaCloud' }],
  ['Apify', 'API token', 'high', 'apify_api_', alphanumeric([30, 44]), 'https://docs.apify.com/platform/integrations/api', { where: 'under "Settings > API & Integrations" in Apify' }],
  ['E2B', 'access token', 'high', 'sk_e2b_', lower(40), 'https://e2b.dev/docs/api-key', { where: 'under "Settings" in the E2B dashboard' }],
  ['E2B', 'API key', 'high', 'e2b_', lower(40), 'https://e2b.dev/docs', { where: 'under "API Keys" in E2B' }],
  ['Browserbase', 'API key', 'high', 'bb_live_', base64url([24, 32]), 'https://docs.browserbase.com/', { where: 'under "Settings" in Browserbase' }],
  ['Cartesia', 'API key', 'high', 'sk_car_', alphanumeric([20, 40]), 'https://docs.cartesia.ai/get-started/overview', { where: 'under "API Keys" in Cartesia' }],
  ['Coze', 'personal access token', 'high', 'pat_', alphanumeric(64), 'https://www.coze.com/docs/developer_guides/pat', { where: 'under "API > Authorization" in Coze' }],
  ['Helicone', 'API key', 'high', ['sk-helicone-', 'pk-helicone-'], { of: 'a-z0-9-', length: [19, 44], form: '[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){3,4}' }, 'https://docs.helicone.ai/', { where: 'under "Settings > API keys" in Helicone' }],
  ['Mem0', 'API key', 'medium', 'm0-', alphanumeric(40), 'https://docs.mem0.ai/platform/quickstart', { where: 'under "API Keys" in Mem0' }],
]);

/** `sk-` and `fw_` stand before words too: what follows must look random. */
function short(
  id: string,
  title: string,
  prefix: string,
  length: number | readonly [number, number],
  remediation: string,
  source: string,
): Rule {
  return prefixed({
    id,
    title,
    severity: 'high',
    remediation,
    source,
    prefix,
    ...base64url(length),
    validate: (secret) => {
      const body = secret.slice(prefix.length);
      return isMixed(body) && !/[-_]{2}|[-_][a-z]{3,}[-_]/.test(body) ? opaque(secret, body) : rejected;
    },
  });
}

// prettier-ignore
const values = valueRules([
  ['Cohere', 'API key', 'high', ['cohere', 'co_api'], alphanumeric(40), 'https://docs.cohere.com/docs/rate-limits', { rest: `${SECRETS}|client`, where: 'under "API keys" in the Cohere dashboard' }],
  ['Mistral', 'API key', 'high', ['mistral'], alphanumeric(32), 'https://docs.mistral.ai/getting-started/quickstart/', { rest: SECRETS, where: 'under "API keys" in Mistral AI Studio' }],
  ['Together AI', 'API key (old format)', 'high', spelled('together ai', 'together api'), hex(64), 'https://docs.together.ai/docs/api-keys-authentication', { where: 'under "Settings > API Keys" in Together AI', id: 'together-ai-api-key-of-the-old-format' }],
  ['AssemblyAI', 'API key', 'high', spelled('assembly ai', 'aai api', 'aai settings'), hex(32), 'https://www.assemblyai.com/docs/getting-started', { where: 'under "API Keys" in AssemblyAI' }],
  ['Deepgram', 'API key', 'high', ['deepgram'], hex(40), 'https://developers.deepgram.com/docs/create-additional-api-keys', { where: 'under "API Keys" in the Deepgram console' }],
  ['Weights & Biases', 'API key (old format)', 'high', [...spelled('wandb'), ...spelled('weights and biases')], hex(40), 'https://docs.wandb.ai/support/find_api_key/', { where: 'under "User settings > API keys" in Weights & Biases', id: 'weights-biases-api-key-of-the-old-format' }],
  ['ElevenLabs', 'API key (old format)', 'high', [...spelled('eleven labs'), 'xi-api-key', 'xi_api_key'], hex(32), 'https://elevenlabs.io/docs/api-reference/authentication', { where: 'under "Developers > API Keys" in ElevenLabs', id: 'elevenlabs-api-key-of-the-old-format' }],
  ['Exa', 'API key', 'medium', ['exa_api', 'exa-api', 'exaapi', 'exa.api', 'exa_key'], uuid, 'https://docs.exa.ai/reference/getting-started', { where: 'under "API Keys" in Exa' }],
  ['Serper', 'API key', 'medium', ['serper'], hex(40), 'https://serper.dev/', { where: 'under "API Keys" in Serper' }],
  ['SerpApi', 'key', 'medium', spelled('serp api'), hex(64), 'https://serpapi.com/search-api', { where: 'under "Your Account > API Key" in SerpApi' }],
  ['SambaNova', 'API key', 'high', ['sambanova'], uuid, 'https://docs.sambanova.ai/cloud/docs/get-started/api-keys-urls', { rest: SECRETS, where: 'under "API Keys" in SambaNova Cloud' }],
  ['DeepL', 'API key', 'medium', ['deepl'], { of: 'a-f0-9:x-', length: [36, 39], form: '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}(?::fx)?' }, 'https://developers.deepl.com/docs/getting-started/auth', { where: 'under "Account > API Keys" in DeepL' }],
  ['DeepInfra', 'API key', 'high', ['deepinfra'], alphanumeric(32), 'https://deepinfra.com/docs', { rest: SECRETS, where: 'under "API keys" in DeepInfra' }],
  ['Novita AI', 'API key', 'high', ['novita'], base64url([32, 60]), 'https://novita.ai/docs/guides/quickstart', { rest: SECRETS, where: 'under "Key Management" in Novita AI' }],
  ['Z.ai (Zhipu AI)', 'API key', 'high', ['zhipu', 'bigmodel', 'glm_api', 'zai_api', 'chatglm'], { of: 'A-Za-z0-9.', length: 49, form: '[a-f0-9]{32}\\.[A-Za-z0-9]{16}' }, 'https://docs.bigmodel.cn/', { where: 'under "API keys" on the Z.ai open platform', id: 'zhipu-ai-api-key' }],
  ['MiniMax', 'API key', 'high', ['minimax'], base64url([40, 128]), 'https://platform.minimax.io/docs', { rest: SECRETS, where: 'under "Account > API keys" in MiniMax' }],
  ['AI21', 'API key', 'high', ['ai21'], { of: 'A-Za-z0-9-', length: [32, 36] }, 'https://docs.ai21.com/', { rest: SECRETS, where: 'under "API Key" in AI21 Studio' }],
  ['Aleph Alpha', 'API token', 'high', spelled('aleph alpha'), base64url([32, 200]), 'https://docs.aleph-alpha.com/', { rest: SECRETS, where: 'under "Profile" in Aleph Alpha' }],
  ['Baseten', 'API key', 'high', ['baseten'], { of: 'A-Za-z0-9.', length: 41, form: '[A-Za-z0-9]{8}\\.[A-Za-z0-9]{32}' }, 'https://docs.baseten.co/organization/api-keys', { where: 'under "Settings > API keys" in Baseten' }],
  ['Modal', 'token secret', 'critical', ['modal_', 'modal-', 'token_secret'], { of: 'A-Za-z0-9-', length: [25, 27], form: 'as-[A-Za-z0-9]{22,24}' }, MODAL, { where: 'under "Settings > API Tokens" in Modal' }],
  ['Vast.ai', 'API key', 'high', ['vast_api', 'vastai', 'vast_ai', 'vast.ai'], hex(64), 'https://docs.vast.ai/api-reference/', { where: 'under "Account" in Vast.ai' }],
  ['Lambda Cloud', 'API key', 'high', ['lambda_api', 'lambda-api', 'lambdalabs', 'lambda_labs', 'lambda_cloud'], { of: 'A-Za-z0-9._-', length: [40, 120], form: 'secret_[A-Za-z0-9-]{1,40}_[a-f0-9]{32}\\.[A-Za-z0-9]{32}' }, 'https://docs.lambda.ai/public-cloud/cloud-api/', { where: 'under "API keys" in Lambda Cloud' }],
  ['Roboflow', 'API key', 'medium', ['roboflow'], alphanumeric(20), 'https://docs.roboflow.com/developer/authentication/find-your-roboflow-api-key', { rest: SECRETS, where: 'under "Settings > API Keys" in Roboflow' }],
  ['Scale AI', 'API key', 'high', ['scaleai', 'scale_ai', 'scale-ai', 'scale_api_key', 'scaleapikey', 'scale-api-key'], { of: 'A-Za-z0-9_', length: [32, 64] }, 'https://scale.com/docs/api-reference/authentication', { where: 'under "Settings > API Keys" in Scale AI' }],
  ['Comet', 'API key', 'medium', ['comet_', 'comet-', 'comet.', 'comet_ml'], alphanumeric(25), 'https://www.comet.com/docs/v2/guides/experiment-management/configure-sdk/', { rest: 'key|token', where: 'under "Account settings > API keys" in Comet' }],
  ['ClearML', 'secret key', 'medium', ['clearml', 'trains_api'], base64url([40, 60]), 'https://clear.ml/docs/latest/docs/webapp/settings/webapp_settings_profile', { rest: 'secret', where: 'under "Settings > Workspace" in ClearML' }],
  ['Moonshot AI, DashScope, DeepSeek or Stability AI', 'API key (without its prefix)', 'high', ['moonshot', 'dashscope', 'deepseek', 'stability_api', 'stability_ai', 'stabilityai', 'qwen_'], alphanumeric([32, 64]), 'https://www.alibabacloud.com/help/en/model-studio/get-api-key', { rest: SECRETS, remediation: 'Revoke it in the console of the provider that issued it, then create a new one.', id: 'moonshot-dashscope-deepseek-or-stability-key-without-its-prefix' }],
  ['fal', 'API key', 'high', ['fal_key', 'fal-key', 'fal_api', 'falkey', 'fal.key'], { of: 'a-f0-9:-', length: 69, form: '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}:[a-f0-9]{32}' }, 'https://docs.fal.ai/', { where: 'under "API keys" in fal' }],
  ['Dify', 'API key', 'medium', ['dify_api', 'dify_app', 'dify_key', 'dify-api', 'difyapi', 'dify.api'], { of: 'A-Za-z0-9-', length: [28, 40], form: '(?:app|dataset)-[A-Za-z0-9]{24}' }, 'https://docs.dify.ai/', { where: 'under "API Access" of the app in Dify' }],
  ['Upstage', 'API key', 'high', ['upstage'], base64url([28, 40]), 'https://console.upstage.ai/docs', { rest: SECRETS, where: 'under "API Keys" in Upstage' }],
  ['Leonardo.Ai, Unify or Volcengine', 'API key', 'medium', ['leonardo_', 'leonardoai', 'volcengine', 'ark_api', 'ark-api'], uuid, 'https://docs.leonardo.ai/docs/create-your-api-key', { rest: SECRETS, remediation: 'Revoke it in the console of the provider that issued it, then create a new one.' }],
  ['Labelbox', 'API key', 'medium', ['labelbox'], base64url([25, 64]), 'https://docs.labelbox.com/docs/create-api-key', { rest: SECRETS, where: 'under "Workspace settings > API" in Labelbox' }],
]);

export const aiRules: readonly Rule[] = [
  ...tokens,
  short(
    'fireworks-api-key',
    'Fireworks AI API key',
    'fw_',
    [22, 26],
    'Revoke it under "Settings > API Keys" in Fireworks AI, then create a new one.',
    'https://docs.fireworks.ai/api-reference/introduction',
  ),
  short(
    'voyage-api-key',
    'Voyage AI API key',
    'pa-',
    [40, 48],
    'Revoke it under "API keys" in Voyage AI, then create a new one.',
    'https://docs.voyageai.com/docs/api-key-and-installation',
  ),
  {
    id: 'deepl-free-api-key',
    title: 'DeepL API key (free plan)',
    severity: 'low',
    remediation: 'Revoke it under "Account > API Keys" in DeepL, then create a new one.',
    source: 'https://developers.deepl.com/docs/getting-started/auth',
    keywords: [':fx'],
    pattern: new RegExp(`${BEFORE}${uuid.form}:fx(?![A-Za-z0-9_])`),
    window: { before: 36, after: 0 },
    validate: (secret) => opaque(secret, secret),
  },
  ...values,
];
