/**
 * The pages of the site: the Markdown files of the repository that the README leads to. They keep their paths, and so their links to
 * each other.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path/posix';

const HOME = 'README.md';

/** A block of code, in which nothing is a link; or a link, or an image. */
const codeOrLink = /^ *(`{3,})[^]*?^ *\1$|(?<mark>!?)\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)\)/gm;

export interface SitePages {
  /** Markdown, by path. */
  readonly pages: ReadonlyMap<string, string>;
  /** Paths of the images in the pages. */
  readonly images: ReadonlySet<string>;
}

/**
 * Reads the pages, from the README on.
 * @param repository the address of the repository, where links to other files than pages lead. Without it, they become plain text.
 */
export function sitePages(repository: string | undefined): SitePages {
  const pages = new Map<string, string>();
  const images = new Set<string>();
  const waiting = [HOME];
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    if (pages.has(page)) continue;
    const folder = dirname(page);
    const text = readFileSync(page, 'utf8').replaceAll(codeOrLink, (whole, ...matched) => {
      const { mark, text: label, target }: Partial<Record<string, string>> = matched.at(-1);
      if (target === undefined || /^(?:[a-z]+:|#)/.test(target)) return whole;
      const path = join(folder, target.replace(/#.*/, ''));
      if (path.startsWith('..') || !existsSync(path)) return label ?? '';
      if (extname(path) === '.md') waiting.push(path);
      else if (mark === '!') images.add(path);
      else return repository === undefined ? (label ?? '') : `[${label}](${repository}/blob/HEAD/${path})`;
      return whole;
    });
    pages.set(page, text);
  }
  return { pages, images };
}

/** A section of the navigation: its title, and its pages or a title with a page. */
export interface Section {
  readonly [title: string]: string | readonly (string | Section)[];
}

const row = /^\| (?<title>[^|]+?) +\| (?<cell>[^|]+?) +\|$/gm;
const pageLink = /\[([^\]]+)\]\(([^)#]+\.md)\)/g;

/**
 * The navigation: the table of documentation in the README, whose rows are sections. Below a page that is the index of its folder are
 * the other pages of that folder.
 */
export function navigation({ pages }: SitePages): Section[] {
  const chapters = (pages.get(HOME) ?? '').split(/^## /m);
  const table = chapters.find((text) => text.startsWith('Documentation\n')) ?? '';
  const sections = Array.from(table.matchAll(row), ({ groups: { title = '', cell = '' } = {} }) => {
    const entries = Array.from(cell.matchAll(pageLink), ([, name = '', path = '']): Section => {
      const below = isIndex(path) ? pagesBelow(dirname(path), pages) : [];
      return { [name]: below.length === 0 ? path : [path, ...below] };
    });
    return { [title.charAt(0).toUpperCase() + title.slice(1)]: entries };
  });
  return [{ Overview: HOME }, ...sections.filter((section) => Object.values(section).flat().length > 0)];
}

function isIndex(path: string): boolean {
  return path.endsWith('/README.md');
}

function pagesBelow(folder: string, pages: ReadonlyMap<string, string>): string[] {
  const others = [...pages.keys()].filter((path) => dirname(path) === folder && !isIndex(path));
  return others.toSorted();
}
