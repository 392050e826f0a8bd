/** Keys and tokens in the settings of AI tools: assistants, editors, agents and the servers that these start. */
import type { Rule } from '../model/rule.ts';
import { IS, TOKEN, line, member, storedRules } from '../authoring/settings.ts';

const MCP = 'https://modelcontextprotocol.io/docs/develop/connect-local-servers';
const remediation =
  'Revoke the key at the provider that issued it, then pass the new one to the tool in an environment variable.';
const more = { remediation } as const;

/** A key that names a secret: of an environment, of a header. */
const SECRET_NAME =
  '[A-Za-z0-9_-]{0,60}(?i:api[_-]?key|apikey|_key|-key|token|secret|password|passwd|_pat|credential)';

export const aiToolRules: readonly Rule[] = storedRules([
  [
    'mcp-server-secret',
    'Secret in MCP server settings',
    MCP,
    {
      names: [
        'mcp.json',
        '.mcp.json',
        'mcp_config.json',
        'mcp_settings.json',
        'cline_mcp_settings.json',
        'claude_desktop_config.json',
        '.claude.json',
        'mcp-config.json',
        'mcpservers.json',
      ],
    },
    member(SECRET_NAME),
    more,
  ],
  [
    'mcp-server-header',
    'Authorization header in MCP server settings',
    MCP,
    {
      names: [
        'mcp.json',
        '.mcp.json',
        'mcp_config.json',
        'mcp_settings.json',
        'cline_mcp_settings.json',
        'claude_desktop_config.json',
        '.claude.json',
        'mcp-config.json',
      ],
    },
    String.raw`"(?i:authorization)"\s{0,8}:\s{0,8}"(?:(?i:bearer|token|basic)\s)?(?<secret>[^\s"\\$]{8,4096})"`,
    more,
  ],
  [
    'claude-code-secret',
    'Secret in Claude Code settings',
    'https://docs.claude.com/en/docs/claude-code/settings',
    {
      names: ['settings.json', 'settings.local.json', '.credentials.json', 'managed-settings.json'],
      path: /claude[^/]*\/[^/]{1,60}$/,
    },
    member(`${SECRET_NAME}|ANTHROPIC_CUSTOM_HEADERS|primaryApiKey|accessToken|refreshToken`),
    more,
  ],
  [
    'codex-login',
    'OpenAI Codex CLI login',
    'https://developers.openai.com/codex/auth',
    { names: ['auth.json'], path: /\.codex\/auth\.json$/ },
    member('OPENAI_API_KEY|access_token|refresh_token|id_token'),
    more,
  ],
  [
    'gemini-cli-login',
    'Gemini CLI login',
    'https://github.com/google-gemini/gemini-cli/blob/main/docs/get-started/authentication.md',
    { names: ['oauth_creds.json', 'settings.json', 'mcp-oauth-tokens.json'], path: /\.gemini\// },
    member(`access_token|refresh_token|id_token|accessToken|refreshToken|${SECRET_NAME}`),
    more,
  ],
  [
    'opencode-login',
    'OpenCode key or token',
    'https://opencode.ai/docs/providers/',
    { names: ['auth.json', 'opencode.json', 'opencode.jsonc', 'crush.json'], path: /opencode|crush/ },
    member('key|access|refresh|apiKey|api_key|token'),
    more,
  ],
  [
    'github-copilot-login',
    'GitHub Copilot login',
    'https://docs.github.com/en/copilot',
    { names: ['hosts.json', 'apps.json', 'oauth.json'], path: /github-copilot\// },
    member('oauth_token|access_token|refresh_token'),
    more,
  ],
  [
    'continue-api-key',
    'API key in Continue settings',
    'https://docs.continue.dev/reference',
    { names: ['config.json', 'config.yaml', 'config.yml', 'assistant.yaml'], path: /\.continue\// },
    String.raw`(?:${member('apiKey|api_key|token|[A-Z0-9_]{1,60}_(?:KEY|TOKEN)')}|${line(`(?:-[\\t ])?(?:apiKey|[A-Z0-9_]{1,60}_(?:KEY|TOKEN))${IS}`, TOKEN)})`,
    more,
  ],
  [
    'aider-api-key',
    'API key in Aider settings',
    'https://aider.chat/docs/config/aider_conf.html',
    { names: ['.aider.conf.yml', '.aider.conf.yaml'] },
    line(
      String.raw`(?:(?:openai-|anthropic-)api-key:[\t ]{1,8}|-[\t ]{1,4}[a-z]{2,20}=|api-key:[\t ]{1,8}[a-z]{2,20}=)`,
      TOKEN,
    ),
    more,
  ],
  [
    'language-model-keys-file',
    'API key in the settings of an LLM tool',
    'https://llm.datasette.io/en/stable/setup.html#saving-and-using-stored-keys',
    { names: ['keys.json'], path: /io\.datasette\.llm\/keys\.json$/ },
    String.raw`"(?!\/\/)[\w.-]{1,60}"\s{0,8}:\s{0,8}"(?<secret>[^"\\]{8,1024})"`,
    more,
  ],
  [
    'language-model-tool-key',
    'API key in the configuration of an LLM agent or gateway',
    'https://docs.litellm.ai/docs/proxy/configs',
    {
      names: [
        'litellm_config.yaml',
        'litellm.yaml',
        'litellm-config.yaml',
        '.sgptrc',
        'secrets.yaml',
        'config.toml',
        'librechat.yaml',
        'oai_config_list',
      ],
      path: /litellm|\.sgptrc|goose\/secrets\.yaml$|openhands\/config\.toml$|\.openhands|librechat|oai_config_list|\.codex\/config\.toml$/,
    },
    String.raw`(?:${line(`(?:-[\\t ])?["']?(?:api_key|apiKey|master_key|[A-Z0-9_]{1,60}_(?:KEY|TOKEN)|experimental_bearer_token)["']?${IS}`, `(?!["']?os\\.environ)${TOKEN}`)}|${member('api_key')})`,
    more,
  ],
  [
    'editor-assistant-key',
    'API key of a coding assistant in editor settings',
    'https://code.visualstudio.com/docs/configure/settings',
    {
      names: ['settings.json'],
      path: /(?:code|code - insiders|vscodium|cursor|windsurf|zed|\.vscode)\/(?:user\/)?settings\.json$/,
    },
    String.raw`"[A-Za-z0-9_.-]{0,80}(?i:apikey|api_key|accesstoken|authtoken|password|secretkey|clientsecret|personalaccesstoken)"\s{0,8}:\s{0,8}"(?<secret>[^"\\\r\n]{6,1024})"`,
    { ...more, confidence: 'medium' },
  ],
]);
