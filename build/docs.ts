/**
 * Updates the generated parts of the documentation: the blocks between `<!-- generated: NAME -->` and `<!-- end -->` in the README
 * and the pages of `docs/`, and folders whose pages are all generated. A contract test fails if they do not match the code.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import manifest from '../package.json' with { type: 'json' };
import { loadConfig } from '../src/host/config/index.ts';
import { events } from './docs/events.ts';
import { exitCodes } from './docs/exit-codes.ts';
import { hostQuestions } from './docs/host-advice.ts';
import { code } from './docs/markdown.ts';
import { queries } from './docs/queries/index.ts';
import { loadDocumentation, loadTask } from './task.ts';

const block = /(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)/gs;

/** The pages as they should be, by path; and the folders in which there must be no other page. */
export async function generatedDocs(): Promise<{
  readonly pages: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}> {
  const blocks = await allBlocks();
  const pages = new Map<string, string>();
  for (const path of ['README.md', ...readdirSync('docs').map((name) => join('docs', name))]) {
    if (!path.endsWith('.md')) continue;
    const text = readFileSync(path, 'utf8');
    if (!text.includes('<!-- generated: ')) continue;
    const filled = text.replaceAll(block, (_, start: string, name: string, end: string) => {
      const content = blocks[name];
      if (content === undefined) throw new Error(`${path}: there is no generated text "${name}"`);
      return `${start}\n${content}\n\n${end}`;
    });
    pages.set(path, await formatted(filled));
  }
  const folders = (await (await loadDocumentation()).folders?.()) ?? {};
  for (const [folder, contents] of Object.entries(folders)) {
    for (const [name, text] of Object.entries(contents)) pages.set(join(folder, name), await formatted(text));
  }
  return { pages, folders: Object.keys(folders) };
}

async function allBlocks(): Promise<Readonly<Record<string, string>>> {
  const task = await loadTask();
  const own = await loadDocumentation();
  return {
    usage: await usage(task),
    'exit-codes': exitCodes(task, own.exits),
    events: events(task, own.events),
    queries: queries([...(own.questions ?? []), ...hostQuestions], task.name),
    ...(await own.blocks?.()),
  };
}

async function usage(task: Awaited<ReturnType<typeof loadTask>>): Promise<string> {
  const loaded = await loadConfig(['--help'], {}, task, manifest.version, { elevated: false });
  if (!('text' in loaded)) throw new Error('--help is not text');
  const [options = ''] = loaded.text.split('\nExit codes');
  return code('text', options);
}

async function formatted(text: string): Promise<string> {
  return await format(text, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}

async function update(): Promise<void> {
  const { pages, folders } = await generatedDocs();
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (!pages.has(join(folder, name))) rmSync(join(folder, name));
  }
  for (const [path, text] of pages) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

if (import.meta.main) await update();
