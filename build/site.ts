/**
 * Makes a site with search from the README and all pages that it leads to:
 *
 *   npm run site [-- --out DIR]
 *
 * The generator is zensical, which `build/site/requirements.txt` pins. A link between pages that leads nowhere is an error.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import manifest from '../package.json' with { type: 'json' };
import { codeOf, describeError } from '../src/host/exit/task-error.ts';
import { navigation, sitePages } from './site/pages.ts';
import { taskBuild } from './task.ts';

/** Markdown as the generator reads it: what belongs to an item of a list is indented by four spaces. */
const markdown = { parser: 'markdown', tabWidth: 4, embeddedLanguageFormatting: 'off' } as const;

try {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join('dist', 'site') } } });
  await makeSite(values.out);
} catch (error) {
  console.error(`site: ${describeError(error)}`);
  process.exitCode = 1;
}

/** Writes the pages that the generator reads to `pages` of a folder, and the site to `html`. */
async function makeSite(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  // A fork may have no homepage.
  const { homepage }: { readonly name: string; readonly homepage?: string } = manifest;
  const found = sitePages(homepage);
  for (const [path, text] of found.pages) write(join(out, 'pages', path), await format(text, markdown));
  for (const path of found.images) write(join(out, 'pages', path), readFileSync(path));
  const config = join(out, 'mkdocs.yml');
  // JSON is YAML, too.
  write(config, JSON.stringify(configuration(homepage, navigation(found)), null, 2));
  generate(config);
}

function configuration(homepage: string | undefined, nav: ReturnType<typeof navigation>) {
  const palettes = [
    { media: '(prefers-color-scheme: light)', scheme: 'default', other: 'dark', icon: 'lucide/sun' },
    { media: '(prefers-color-scheme: dark)', scheme: 'slate', other: 'light', icon: 'lucide/moon' },
  ];
  return {
    site_name: taskBuild.name,
    site_description: taskBuild.description,
    ...(homepage !== undefined && { repo_url: homepage }),
    docs_dir: 'pages',
    site_dir: 'html',
    use_directory_urls: false,
    nav,
    theme: {
      // Nothing is fetched from elsewhere.
      font: false,
      features: [
        'navigation.indexes',
        'navigation.top',
        'search.highlight',
        'content.code.copy',
        'toc.follow',
      ],
      palette: palettes.map(({ media, scheme, other, icon }) => ({
        media,
        scheme,
        toggle: { icon, name: `Switch to ${other} colours` },
      })),
    },
    markdown_extensions: [
      'tables',
      { toc: { permalink: true } },
      'pymdownx.betterem',
      'pymdownx.highlight',
      'pymdownx.superfences',
    ],
  };
}

/** Runs the generator. @throws Error that says what is missing or wrong */
function generate(config: string): void {
  const arguments_ = ['build', '--clean', '--strict', '--config-file', config];
  const { error, status } = spawnSync('zensical', arguments_, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error !== undefined) {
    const install = 'python3 -m pip install --require-hashes -r build/site/requirements.txt';
    throw new Error(
      codeOf(error) === 'ENOENT' ? `zensical: not found; install it with "${install}"` : error.message,
    );
  }
  if (status !== 0) throw new Error('zensical failed');
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
