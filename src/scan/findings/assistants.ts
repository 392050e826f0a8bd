/**
 * Where AI assistants keep what was said to them: prompts, answers, and the files and outputs of commands that they read. What is in such a
 * transcript was sent to the assistant's provider. Not here: settings, caches and databases that also contain what was never sent.
 */

/** Below the folder of an editor of VS Code's family: what its extensions keep. */
const STORAGE = String.raw`\/user\/(?:globalstorage|workspacestorage\/[^/]+)\/`;

/** Paths with forward slashes, in lower case. The folders are those of the vendors' documentation, or of their source. */
const transcripts: readonly (readonly [path: RegExp, assistant: string])[] = [
  [/\/\.claude\/(?:projects\/.|history\.jsonl$|file-history\/|paste-cache\/|transcripts\/)/, 'Claude Code'],
  [/\/\.codex\/(?:(?:archived_)?sessions\/|history\.jsonl$)/, 'Codex'],
  [/\/\.gemini\/tmp\/[^/]+\/(?:chats\/|logs\.json$|checkpoint)/, 'Gemini CLI'],
  [/\/\.qwen\/tmp\/[^/]+\/(?:chats\/|logs\.json$|checkpoint)/, 'Qwen Code'],
  [/\/\.copilot\/(?:history-)?session-state\//, 'GitHub Copilot'],
  [
    new RegExp(`${STORAGE}(?:chatsessions|emptywindowchatsessions|github\\.copilot-chat)\\/`),
    'GitHub Copilot',
  ],
  [/\/\.cursor\/(?:projects\/[^/]+\/agent-transcripts|chats)\//, 'Cursor'],
  [new RegExp(`${STORAGE}saoudrizwan\\.claude-dev\\/tasks\\/`), 'Cline'],
  [/\/\.cline\/data\/(?:tasks|sessions)\//, 'Cline'],
  [new RegExp(`${STORAGE}rooveterinaryinc\\.roo-cline\\/tasks\\/`), 'Roo Code'],
  [new RegExp(`${STORAGE}kilocode\\.kilo-code\\/tasks\\/`), 'Kilo Code'],
  [/\/\.continue\/(?:sessions|dev_data)\//, 'Continue'],
  [/\/\.aider\.(?:chat|llm|input)\.history(?:\.md)?$/, 'Aider'],
  [/\/zed\/(?:threads\/threads\.db|conversations\/)/, 'Zed'],
  [/\/opencode\/(?:storage\/|opencode\.db$)/, 'OpenCode'],
  [/\/goose\/sessions\//, 'Goose'],
];

/** The assistant whose transcript this file is. @param path absolute */
export function assistantOf(path: string): string | undefined {
  const slashed = path.replaceAll('\\', '/').toLowerCase();
  return transcripts.find(([expression]) => expression.test(slashed))?.[1];
}
