/** What was pasted into AI assistants: the same secrets in the formats of their transcripts, each at its place, and equal everywhere. */
import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { scanOnce } from '../scan-once.ts';

const home = mkdtempSync(join(tmpdir(), 'transcripts-'));
afterAll(() => rmSync(home, { recursive: true }));

const password = new Dice('transcripts').mixed(ALPHANUMERIC, 18);
const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
const pasted = `PORT=80\nDB_PASSWORD=${password}\nDEBUG=1\n${key}`;
/** With line numbers, as a tool shows a file. */
const numbered = pasted.replaceAll(/^/gm, '     1→');

const code = '.config/Code/User';
const lines = (...records: readonly unknown[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** By path: the assistant, and the text of a transcript. The shapes are those that the assistants write. */
const transcripts: Readonly<Record<string, readonly [assistant: string, text: string]>> = {
  '.claude/projects/-home-ada-app/5f0c.jsonl': [
    'Claude Code',
    lines(
      { type: 'summary', summary: 'Fix the build' },
      {
        type: 'user',
        message: { role: 'user', content: [{ type: 'tool_result', content: numbered }] },
        toolUseResult: { type: 'text', file: { filePath: '/home/ada/app/.env', content: pasted } },
      },
    ),
  ],
  '.claude/history.jsonl': [
    'Claude Code',
    lines({ display: pasted, timestamp: 1, project: '/home/ada/app' }),
  ],
  '.codex/sessions/2026/11/30/rollout-1.jsonl': [
    'Codex',
    lines(
      { type: 'session_meta', payload: { id: '1' } },
      {
        type: 'response_item',
        payload: {
          type: 'function_call_output',
          output: JSON.stringify({ output: JSON.stringify({ stdout: pasted }), metadata: { exit_code: 0 } }),
        },
      },
    ),
  ],
  '.gemini/tmp/app/chats/session-1.json': [
    'Gemini CLI',
    JSON.stringify({ sessionId: '1', messages: [{ type: 'user', content: [{ text: pasted }] }] }, null, 2),
  ],
  '.cursor/projects/home-ada-app/agent-transcripts/1/1.jsonl': [
    'Cursor',
    lines({
      role: 'user',
      message: { content: [{ type: 'text', text: `<user_query>\n${pasted}</user_query>` }] },
    }),
  ],
  [`${code}/globalStorage/saoudrizwan.claude-dev/tasks/1/api_conversation_history.json`]: [
    'Cline',
    JSON.stringify([{ role: 'user', content: [{ type: 'text', text: `<task>\n${pasted}\n</task>` }] }]),
  ],
  [`${code}/globalStorage/rooveterinaryinc.roo-cline/tasks/1/ui_messages.json`]: [
    'Roo Code',
    JSON.stringify([{ type: 'say', say: 'api_req_started', text: JSON.stringify({ request: pasted }) }]),
  ],
  [`${code}/workspaceStorage/0a/chatSessions/1.json`]: [
    'GitHub Copilot',
    JSON.stringify({ version: 3, requests: [{ message: { text: pasted, parts: [] } }] }, null, 2),
  ],
  '.continue/sessions/1.json': [
    'Continue',
    JSON.stringify({ history: [{ message: { role: 'user', content: pasted } }] }, null, 2),
  ],
  'app/.aider.chat.history.md': [
    'Aider',
    `# aider chat started at 2026-11-30\n\n#### fix this\n#### \n${pasted}`,
  ],
};

test('secrets are found at their places in the transcripts of each assistant, and are equal', async () => {
  for (const [name, [, text]] of Object.entries(transcripts)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  // The file that all of this came from.
  writeFileSync(join(home, 'app/settings.txt'), pasted);
  const { findings } = await scanOnce({ roots: [home] });
  for (const [rule, first] of [
    ['generic-password', password],
    ['private-key', '-----BEGIN'],
  ] as const) {
    const equal = findings.filter((finding) => finding.rule === rule);
    expect(equal.map(({ path }) => path.slice(home.length + 1)).sort()).toEqual(
      [...Object.keys(transcripts), 'app/settings.txt'].sort(),
    );
    expect(new Set(equal.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    for (const { path, line, column, files, exposure } of equal) {
      const text = readFileSync(path, 'utf8').split('\n')[line - 1] ?? '';
      expect(text.slice(column - 1)).toMatch(new RegExp(`^${first}`));
      expect(files).toBe(equal.length);
      const assistant = transcripts[path.slice(home.length + 1)]?.[0];
      const sent = exposure.filter((fact) => fact.startsWith('sent to'));
      expect(sent).toEqual(assistant === undefined ? [] : [`sent to an AI assistant (${assistant})`]);
    }
  }
});

test('the databases of editors and binary property lists are read', async () => {
  const folder = join(home, 'databases');
  const threads = join(folder, 'zed/threads/threads.db');
  const state = join(folder, 'Cursor/User/globalStorage/state.vscdb');
  const list = join(folder, 'Library/LaunchAgents/com.example.job.plist');
  for (const path of [threads, state, list]) mkdirSync(dirname(path), { recursive: true });
  const zed = new DatabaseSync(threads);
  zed.exec('CREATE TABLE threads (id TEXT PRIMARY KEY, summary TEXT, data_type TEXT, data BLOB)');
  const thread = JSON.stringify({ messages: [{ role: 'user', content: pasted }] });
  zed.prepare('INSERT INTO threads VALUES (?, ?, ?, ?)').run('1', 'Fix', 'zstd', zstdCompressSync(thread));
  zed.close();
  const cursor = new DatabaseSync(state);
  cursor.exec('CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)');
  cursor
    .prepare('INSERT INTO cursorDiskKV VALUES (?, ?)')
    .run(
      'bubbleId:1:2',
      JSON.stringify({ type: 1, text: pasted, richText: JSON.stringify({ root: pasted }) }),
    );
  cursor.close();
  writeFileSync(
    list,
    execFileSync('python3', [
      '-c',
      `import sys,plistlib;sys.stdout.buffer.write(plistlib.dumps({'Label':'x','EnvironmentVariables':{'DB_PASSWORD':sys.argv[1]}},fmt=plistlib.FMT_BINARY))`,
      password,
    ]),
  );
  const { findings, coverage } = await scanOnce({ roots: [folder] });
  expect(coverage.unexamined).toEqual({});
  const equal = findings.filter(({ rule }) => rule === 'generic-password');
  expect(new Set(equal.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  const placed = equal.map(({ path, exposure }) => [
    path.slice(folder.length + 1),
    exposure.filter((fact) => fact.startsWith('sent')).join(''),
  ]);
  expect(Object.fromEntries(placed)).toEqual({
    'zed/threads/threads.db!/threads/1/data!/data': 'sent to an AI assistant (Zed)',
    'Cursor/User/globalStorage/state.vscdb!/cursorDiskKV': '',
    'Library/LaunchAgents/com.example.job.plist!/plist.xml': '',
  });
});
