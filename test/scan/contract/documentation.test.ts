/** The documentation names only what exists: files, folders, sections. Its sample configurations are valid. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/host/config/index.ts';
import { secretsScan } from '../../../src/scan/index.ts';
import { blocksOf } from '../../host/page-blocks.ts';

const pages = readdirSync('.', { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.md') && !/(?:^|[\\/])(?:node_modules|dist)[\\/]/.test(path),
);

/** `## Adding a rule` is `#adding-a-rule`. */
function anchorsIn(page: string): string[] {
  return Array.from(readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('there are pages to check', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', join('docs', 'architecture.md')]));
});

test.each(pages)('%s: every link leads somewhere', (page) => {
  const links = Array.from(readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
  const broken = links.filter((link) => {
    if (/^<?[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

/** Paths from the repository's root, or below `src/` for `host/` and `scan/`. Those with capitals or a `*` stand for many. */
const named = /`((?:src|host|scan|test|scripts|build|fixtures|docs|examples|job-templates)\/[a-z0-9_./-]+)`/g;

test.each(pages)('%s: every file that it names exists', (page) => {
  const paths = Array.from(readFileSync(page, 'utf8').matchAll(named), ([, path = '']) => path);
  // What docs/writing-a-task.md makes.
  const others = paths.filter((path) => !path.startsWith('examples/backup-age/'));
  expect(others.filter((path) => !existsSync(path) && !existsSync(join('src', path)))).toEqual([]);
});

test.each([
  ['configuration.md', 'secrets-scan.json'],
  ['operation.md', 'payload.json'],
])('%s: the sample %s is a configuration that a run accepts', async (page, name) => {
  const block = blocksOf(join('docs', page)).find(({ file }) => file === name);
  const folder = mkdtempSync(join(tmpdir(), 'sample-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, block?.text ?? '');
    const loaded = await loadConfig(
      ['--dry-run', '--default-roots', '--config', path],
      {},
      secretsScan,
      '1.0.0',
      {
        elevated: false,
      },
    );
    expect(loaded).toMatchObject({ config: { dryRun: true } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
