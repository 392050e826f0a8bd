/** The top of the page: what it is about, and the switches for colours and printing. */
import type { PageData } from '../page-data.ts';
import { button, el } from './dom.ts';
import { moment, plural } from './words.ts';

const systems: Readonly<Record<string, string>> = { windows: 'Windows', linux: 'Linux', macOS: 'macOS' };

export function pageHeader(data: PageData): HTMLElement {
  const { kind, machines, at } = data;
  const [machine] = machines;
  const isRun = kind === 'run' && machine !== undefined;
  const name = isRun ? machine.name : plural(machines.length, 'machine');
  const details = isRun
    ? [systemName(machine.os), moment(machine.startedAt)]
    : [`newest report of ${moment(at)}`];
  return el(
    'header',
    { class: 'top' },
    el(
      'div',
      {},
      el('h1', {}, 'Secrets scan of ', el('span', { class: 'name' }, name)),
      el('p', { class: 'muted' }, details.filter((part) => part !== '').join(' · ')),
    ),
    el(
      'div',
      { class: 'actions' },
      themeSwitch(),
      button({ class: 'quiet' }, () => window.print(), 'Print'),
    ),
  );
}

export function systemName(os: string | undefined): string {
  return os === undefined ? '' : (systems[os] ?? os);
}

type Theme = 'light' | 'dark';
const THEME = 'secrets-scan-theme';

/** Follows the system until someone chooses. The choice is kept where the browser allows it. */
function themeSwitch(): HTMLButtonElement {
  const root = document.documentElement;
  const preferred = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const current = () => root.dataset['theme'] ?? preferred();
  const toggle = button({ class: 'quiet', 'aria-pressed': 'false' }, () =>
    apply(current() === 'dark' ? 'light' : 'dark'),
  );
  const label = () => {
    toggle.setAttribute('aria-pressed', String(current() === 'dark'));
  };
  const apply = (theme: Theme) => {
    root.dataset['theme'] = theme;
    remember(theme);
    label();
  };
  toggle.append('Dark');
  const kept = remembered();
  if (kept === 'light' || kept === 'dark') root.dataset['theme'] = kept;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', label);
  label();
  return toggle;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(THEME);
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // A browser may forbid storage for files.
  }
}
