/** The site: every page that the README leads to, with links that work and nothing from elsewhere. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { installed, testWith } from '../../tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'site-'));
afterAll(() => rmSync(folder, { recursive: true }));

const Index = z.looseObject({ items: z.array(z.looseObject({ location: z.string(), text: z.string() })) });

/** Makes the site. @param path where programs are looked for */
function make(name: string, path = process.env['PATH']) {
  const out = join(folder, name);
  const env = { ...process.env, PATH: path, NO_COLOR: '1' };
  const { status, stderr } = spawnSync(process.execPath, ['build/site.ts', '--out', out], {
    encoding: 'utf8',
    env,
  });
  return { out, status, stderr };
}

function filesIn(out: string, end: string): string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(end));
}

test('without the generator, says how to install it; the pages that it would read lead to each other', () => {
  const { out, status, stderr } = make('pages', folder);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'site: zensical: not found; install it with "python3 -m pip install --require-hashes -r build/site/requirements.txt"\n',
  });
  const pages = filesIn(join(out, 'pages'), '.md');
  expect(pages).toEqual(expect.arrayContaining(['README.md', join('docs', 'writing-a-task.md')]));
  const broken = pages.flatMap((page) => {
    const text = readFileSync(join(out, 'pages', page), 'utf8').replaceAll(/^ *(`{3,})[^]*?^ *\1$/gm, '');
    return Array.from(text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g), ([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(out, 'pages', dirname(page), link)))
      .map((link) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
  // Each page of the README's table is in the navigation.
  const navigation = readFileSync(join(out, 'mkdocs.yml'), 'utf8');
  const rows = readFileSync('README.md', 'utf8').matchAll(/^\| \w.*\[.*$/gm);
  const listed = Array.from(rows, ([row]) => Array.from(row.matchAll(/\]\(([^)]+)\)/g), ([, path]) => path));
  expect(listed.flat().filter((path) => !navigation.includes(`"${path}"`))).toEqual([]);
  expect(listed.flat().length).toBeGreaterThan(5);
});

testWith(installed('zensical'))('has a search, and fetches nothing from elsewhere', () => {
  const { out, status, stderr } = make('site');
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'No issues found\n' });
  const html = join(out, 'html');
  const { items } = Index.parse(JSON.parse(readFileSync(join(html, 'search.json'), 'utf8')));
  const found = items.filter(({ text }) => text.includes('KEPM')).map(({ location }) => location);
  expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^docs\/writing-a-task\.html/)]));
  const fetched = filesIn(html, '.html').flatMap((page) =>
    Array.from(
      readFileSync(join(html, page), 'utf8').matchAll(
        /<(?:script|img|iframe|link rel="?stylesheet"?)[^>]*https?:[^>]*>/g,
      ),
      ([tag]) => `${page}: ${tag}`,
    ),
  );
  expect(fetched).toEqual([]);
});
