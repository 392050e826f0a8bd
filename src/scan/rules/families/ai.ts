/** Services of models, agents and machine learning, apart from OpenAI, Anthropic and Google. */
import { BEFORE, prefixed } from '../builders.ts';
import type { Rule } from '../rule.ts';
import { SECRET, alphanumeric, base64url, hex, spelled, tokenRules, uuid, valueRules } from '../table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../validators/verdict.ts';

const HUGGING_FACE = 'https://huggingface.co/docs/hub/security-tokens';
const LANGSMITH = 'https://docs.langchain.com/langsmith/create-account-api-key';
const MODAL = 'https://modal.com/docs/reference/modal.config';

// prettier-ignore
const tokens = tokenRules([
  ['hugging-face-token', 'Hugging Face access token', 'critical', 'hf_', alphanumeric([30, 40]), 'under "Settings, Access Tokens" of Hugging Face', HUGGING_FACE],
  ['hugging-face-organisation-token', 'Hugging Face organisation API token', 'critical', 'api_org_', alphanumeric([30, 40]), 'under "Settings" of the organisation in Hugging Face', HUGGING_FACE],
  ['replicate-api-token', 'Replicate API token', 'high', 'r8_', alphanumeric(37), 'under "Account, API tokens" of Replicate', 'https://replicate.com/docs/topics/security/api-tokens'],
  ['groq-api-key', 'Groq API key', 'high', 'gsk_', alphanumeric([48, 56]), 'under "API Keys" of the Groq console', 'https://console.groq.com/docs/quickstart'],
  ['xai-api-key', 'xAI API key', 'high', 'xai-', alphanumeric([70, 90]), 'under "API Keys" of the xAI console', 'https://docs.x.ai/docs/overview'],
  ['perplexity-api-key', 'Perplexity API key', 'high', 'pplx-', alphanumeric([40, 64]), 'under "Settings, API" of Perplexity', 'https://docs.perplexity.ai/getting-started/quickstart'],
  ['together-api-key', 'Together AI API key', 'high', 'tgp_v1_', base64url([40, 50]), 'under "Settings, API Keys" of Together', 'https://docs.together.ai/docs/api-keys-authentication'],
  ['elevenlabs-api-key', 'ElevenLabs API key', 'high', 'sk_', { of: 'a-f0-9', length: 48 }, 'under "Developers, API Keys" of ElevenLabs', 'https://elevenlabs.io/docs/api-reference/authentication'],
  ['runway-or-cursor-key', 'Runway or Cursor API key', 'high', ['key_', 'crsr_'], { of: 'a-f0-9', length: [64, 128], form: '(?:[a-f0-9]{128}|[a-f0-9]{64})' }, 'under "API Keys" of Runway, or "Integrations" of Cursor', 'https://docs.dev.runwayml.com/guides/setup/'],
  ['luma-api-key', 'Luma AI API key', 'high', 'luma-', { of: 'a-f0-9-', length: [36, 110] }, 'under "API, Keys" of Luma', 'https://docs.lumalabs.ai/docs/api'],
  ['langsmith-api-key', 'LangSmith API key', 'high', ['lsv2_pt_', 'lsv2_sk_'], { of: 'a-f0-9_', length: [40, 46] }, 'under "Settings, API Keys" of LangSmith', LANGSMITH],
  ['langsmith-legacy-key', 'LangSmith API key of the old format', 'high', 'ls__', { of: 'a-f0-9', length: 32 }, 'under "Settings, API Keys" of LangSmith', LANGSMITH],
  ['wandb-v1-api-key', 'Weights & Biases API key', 'high', 'wandb_v1_', base64url([60, 100]), 'under "User settings, API keys" of Weights & Biases', 'https://docs.wandb.ai/support/find_api_key/'],
  ['tavily-api-key', 'Tavily API key', 'medium', 'tvly-', base64url([30, 60]), 'under "API Keys" of Tavily', 'https://docs.tavily.com/documentation/api-reference/introduction'],
  ['firecrawl-api-key', 'Firecrawl API key', 'medium', 'fc-', { of: 'a-f0-9', length: 32 }, 'under "API Keys" of Firecrawl', 'https://docs.firecrawl.dev/introduction'],
  ['jina-api-key', 'Jina AI API key', 'medium', 'jina_', base64url([56, 64]), 'under "API key & billing" of Jina', 'https://jina.ai/embeddings/'],
  ['nvidia-api-key', 'NVIDIA API key', 'high', 'nvapi-', base64url([60, 72]), 'under "API Keys" of build.nvidia.com', 'https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html#ngc-api-keys'],
  ['cerebras-api-key', 'Cerebras API key', 'high', 'csk-', alphanumeric([44, 56]), 'under "API Keys" of Cerebras Cloud', 'https://inference-docs.cerebras.ai/quickstart'],
  ['runpod-api-key', 'RunPod API key', 'critical', 'rpa_', alphanumeric([36, 60]), 'under "Settings, API Keys" of RunPod', 'https://docs.runpod.io/get-started/api-keys'],
  ['anyscale-api-key', 'Anyscale API key', 'high', ['aph0_', 'esecret_'], alphanumeric([24, 80]), 'under "API keys" of Anyscale', 'https://docs.anyscale.com/'],
  ['llama-cloud-api-key', 'LlamaCloud API key', 'high', 'llx-', alphanumeric([40, 60]), 'under "API Key" of LlamaCloud', 'https://docs.cloud.llamaindex.ai/'],
  ['apify-api-token', 'Apify API token', 'high', 'apify_api_', alphanumeric([30, 44]), 'under "Settings, API & Integrations" of Apify', 'https://docs.apify.com/platform/integrations/api'],
  ['e2b-api-key', 'E2B API key', 'high', 'e2b_', { of: 'a-f0-9', length: 40 }, 'under "API Keys" of E2B', 'https://e2b.dev/docs'],
  ['browserbase-api-key', 'Browserbase API key', 'high', 'bb_live_', base64url([24, 32]), 'under "Settings" of Browserbase', 'https://docs.browserbase.com/'],
  ['cartesia-api-key', 'Cartesia API key', 'high', 'sk_car_', alphanumeric([20, 40]), 'under "API Keys" of Cartesia', 'https://docs.cartesia.ai/get-started/overview'],
  ['coze-token', 'Coze personal access token', 'high', 'pat_', alphanumeric(64), 'under "API, Authorization" of Coze', 'https://www.coze.com/docs/developer_guides/pat'],
  ['helicone-api-key', 'Helicone API key', 'high', ['sk-helicone-', 'pk-helicone-'], { of: 'a-z0-9-', length: [24, 48], form: '[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){3,4}' }, 'under "Settings, API keys" of Helicone', 'https://docs.helicone.ai/'],
  ['mem0-api-key', 'Mem0 API key', 'medium', 'm0-', alphanumeric(40), 'under "API Keys" of Mem0', 'https://docs.mem0.ai/platform/quickstart'],
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
  ['cohere-api-key', 'Cohere API key', 'high', ['cohere', 'co_api'], alphanumeric(40), 'under "API keys" of the Cohere dashboard', 'https://docs.cohere.com/docs/rate-limits', `${SECRET}|client`],
  ['mistral-api-key', 'Mistral API key', 'high', ['mistral'], alphanumeric(32), 'under "API keys" of La Plateforme', 'https://docs.mistral.ai/getting-started/quickstart/', SECRET],
  ['together-legacy-key', 'Together AI API key of the old format', 'high', spelled('together ai', 'together api'), hex(64), 'under "Settings, API Keys" of Together', 'https://docs.together.ai/docs/api-keys-authentication'],
  ['assemblyai-api-key', 'AssemblyAI API key', 'high', spelled('assembly ai', 'aai api', 'aai settings'), hex(32), 'under "API Keys" of AssemblyAI', 'https://www.assemblyai.com/docs/getting-started'],
  ['deepgram-api-key', 'Deepgram API key', 'high', ['deepgram'], hex(40), 'under "API Keys" of the Deepgram console', 'https://developers.deepgram.com/docs/create-additional-api-keys'],
  ['wandb-api-key', 'Weights & Biases API key', 'high', [...spelled('wandb'), ...spelled('weights and biases')], hex(40), 'under "User settings, API keys" of Weights & Biases', 'https://docs.wandb.ai/support/find_api_key/'],
  ['elevenlabs-legacy-key', 'ElevenLabs API key of the old format', 'high', [...spelled('eleven labs'), 'xi-api-key', 'xi_api_key'], hex(32), 'under "Developers, API Keys" of ElevenLabs', 'https://elevenlabs.io/docs/api-reference/authentication'],
  ['exa-api-key', 'Exa API key', 'medium', ['exa_api', 'exa-api', 'exaapi', 'exa.api', 'exa_key'], uuid, 'under "API Keys" of Exa', 'https://docs.exa.ai/reference/getting-started'],
  ['serper-api-key', 'Serper API key', 'medium', ['serper'], hex(40), 'under "API Keys" of Serper', 'https://serper.dev/'],
  ['serpapi-api-key', 'SerpApi key', 'medium', spelled('serp api'), hex(64), 'under "Your Account, API Key" of SerpApi', 'https://serpapi.com/search-api'],
  ['sambanova-api-key', 'SambaNova API key', 'high', ['sambanova'], uuid, 'under "API Keys" of SambaNova Cloud', 'https://docs.sambanova.ai/cloud/docs/get-started/api-keys-urls', SECRET],
  ['deepl-api-key', 'DeepL API key', 'medium', ['deepl'], { of: 'a-f0-9:x-', length: [36, 39], form: '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}(?::fx)?' }, 'under "Account, API Keys" of DeepL', 'https://developers.deepl.com/docs/getting-started/auth'],
  ['deepinfra-api-key', 'DeepInfra API key', 'high', ['deepinfra'], alphanumeric(32), 'under "API keys" of DeepInfra', 'https://deepinfra.com/docs', SECRET],
  ['novita-api-key', 'Novita AI API key', 'high', ['novita'], { of: 'A-Za-z0-9_-', length: [32, 60] }, 'under "Key Management" of Novita', 'https://novita.ai/docs/guides/quickstart', SECRET],
  ['zhipu-api-key', 'Zhipu AI API key', 'high', ['zhipu', 'bigmodel', 'glm_api', 'zai_api', 'chatglm'], { of: 'A-Za-z0-9.', length: 49, form: '[a-f0-9]{32}\\.[A-Za-z0-9]{16}' }, 'under "API keys" of the open platform of Zhipu AI', 'https://docs.bigmodel.cn/'],
  ['minimax-api-key', 'MiniMax API key', 'high', ['minimax'], base64url([40, 128]), 'under "Account, API keys" of MiniMax', 'https://platform.minimax.io/docs', SECRET],
  ['ai21-api-key', 'AI21 API key', 'high', ['ai21'], { of: 'A-Za-z0-9-', length: [32, 36] }, 'under "API Key" of AI21 Studio', 'https://docs.ai21.com/', SECRET],
  ['aleph-alpha-token', 'Aleph Alpha API token', 'high', spelled('aleph alpha'), base64url([32, 200]), 'under "Profile" of Aleph Alpha', 'https://docs.aleph-alpha.com/', SECRET],
  ['baseten-api-key', 'Baseten API key', 'high', ['baseten'], { of: 'A-Za-z0-9.', length: 41, form: '[A-Za-z0-9]{8}\\.[A-Za-z0-9]{32}' }, 'under "Settings, API keys" of Baseten', 'https://docs.baseten.co/organization/api-keys'],
  ['modal-token-secret', 'Modal token secret', 'critical', ['modal_', 'modal-', 'token_secret'], { of: 'A-Za-z0-9-', length: [25, 27], form: 'as-[A-Za-z0-9]{22,24}' }, 'under "Settings, API Tokens" of Modal', MODAL],
  ['vast-ai-api-key', 'Vast.ai API key', 'high', ['vast_api', 'vastai', 'vast_ai', 'vast.ai'], hex(64), 'under "Account" of Vast.ai', 'https://docs.vast.ai/api-reference/'],
  ['lambda-cloud-api-key', 'Lambda Cloud API key', 'high', ['lambda_api', 'lambda-api', 'lambdalabs', 'lambda_labs', 'lambda_cloud'], { of: 'A-Za-z0-9._-', length: [40, 120], form: 'secret_[A-Za-z0-9-]{1,40}_[a-f0-9]{32}\\.[A-Za-z0-9]{32}' }, 'under "API keys" of Lambda Cloud', 'https://docs.lambda.ai/public-cloud/cloud-api/'],
  ['roboflow-api-key', 'Roboflow API key', 'medium', ['roboflow'], alphanumeric(20), 'under "Settings, API Keys" of Roboflow', 'https://docs.roboflow.com/developer/authentication/find-your-roboflow-api-key', SECRET],
  ['scale-api-key', 'Scale AI API key', 'high', ['scaleai', 'scale_ai', 'scale-ai', 'scale_api_key', 'scaleapikey', 'scale-api-key'], { of: 'A-Za-z0-9_', length: [32, 64] }, 'under "Settings, API Keys" of Scale', 'https://scale.com/docs/api-reference/authentication'],
  ['comet-api-key', 'Comet API key', 'medium', ['comet_', 'comet-', 'comet.', 'comet_ml'], alphanumeric(25), 'under "Account settings, API keys" of Comet', 'https://www.comet.com/docs/v2/guides/experiment-management/configure-sdk/', 'key|token'],
  ['clearml-secret-key', 'ClearML secret key', 'medium', ['clearml', 'trains_api'], base64url([40, 60]), 'under "Settings, Workspace" of ClearML', 'https://clear.ml/docs/latest/docs/webapp/settings/webapp_settings_profile', 'secret'],
  ['moonshot-dashscope-key', 'Key of Moonshot, DashScope, DeepSeek or Stability without its prefix', 'high', ['moonshot', 'dashscope', 'deepseek', 'stability_api', 'stability_ai', 'stabilityai', 'qwen_'], alphanumeric([32, 64]), 'in the console of the vendor', 'https://www.alibabacloud.com/help/en/model-studio/get-api-key', SECRET],
  ['fal-api-key', 'fal API key', 'high', ['fal_key', 'fal-key', 'fal_api', 'falkey', 'fal.key'], { of: 'a-f0-9:-', length: 69, form: '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}:[a-f0-9]{32}' }, 'under "API keys" of fal', 'https://docs.fal.ai/'],
  ['dify-api-key', 'Dify API key', 'medium', ['dify_api', 'dify_app', 'dify_key', 'dify-api', 'difyapi', 'dify.api'], { of: 'A-Za-z0-9-', length: [28, 40], form: '(?:app|dataset)-[A-Za-z0-9]{24}' }, 'under "API Access" of the app in Dify', 'https://docs.dify.ai/'],
  ['upstage-api-key', 'Upstage API key', 'high', ['upstage'], base64url([28, 40]), 'under "API Keys" of Upstage', 'https://console.upstage.ai/docs', SECRET],
  ['leonardo-ai-api-key', 'Leonardo.Ai, Unify or Volcengine API key', 'medium', ['leonardo_', 'leonardoai', 'volcengine', 'ark_api', 'ark-api'], uuid, 'in the console of the vendor', 'https://docs.leonardo.ai/docs/create-your-api-key', SECRET],
  ['labelbox-api-key', 'Labelbox API key', 'medium', ['labelbox'], base64url([25, 64]), 'under "Workspace settings, API" of Labelbox', 'https://docs.labelbox.com/docs/create-api-key', SECRET],
]);

export const aiRules: readonly Rule[] = [
  ...tokens,
  short(
    'fireworks-api-key',
    'Fireworks AI API key',
    'fw_',
    [22, 26],
    'Revoke it under "Settings, API Keys" of Fireworks and make a new one.',
    'https://docs.fireworks.ai/api-reference/introduction',
  ),
  short(
    'voyage-api-key',
    'Voyage AI API key',
    'pa-',
    [40, 48],
    'Revoke it under "API Keys" of Voyage and make a new one.',
    'https://docs.voyageai.com/docs/api-key-and-installation',
  ),
  {
    id: 'deepl-free-api-key',
    title: 'DeepL API key of the free plan',
    severity: 'low',
    remediation: 'Revoke it under "Account, API Keys" of DeepL and make a new one.',
    source: 'https://developers.deepl.com/docs/getting-started/auth',
    keywords: [':fx'],
    pattern: new RegExp(`${BEFORE}${uuid.form}:fx(?![A-Za-z0-9_])`),
    window: { before: 36, after: 0 },
    validate: (secret) => opaque(secret, secret),
  },
  ...values,
];
