/**
 * Renews the pictures of the HTML page in `docs/captures/`: `node scripts/page-captures.ts [FOLDER]`. Needs Debian's `chromium` and
 * `fonts-liberation`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { machineReport } from '../fixtures/page-reports.ts';
import { loadTools } from '../src/scan/task-build.ts';

const output = process.argv[2] ?? 'docs/captures';

interface Picture {
  readonly findings: number;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  /** As it is printed. */
  readonly isPrinted?: boolean;
  /** The first secret is open. */
  readonly opens?: boolean;
}

/** By file name. */
const pictures: Readonly<Record<string, Picture>> = {
  'page-light.png': { findings: 40, width: 1280, height: 830, colorScheme: 'light' },
  'page-dark.png': { findings: 40, width: 1280, height: 720, colorScheme: 'dark', opens: true },
  'page-narrow.png': { findings: 40, width: 400, height: 1200, colorScheme: 'light' },
  'page-none.png': { findings: 0, width: 1280, height: 600, colorScheme: 'light' },
  'page-12.png': { findings: 12, width: 1280, height: 830, colorScheme: 'dark' },
  'page-20000.png': { findings: 20_000, width: 1280, height: 830, colorScheme: 'light' },
  'page-printed.png': { findings: 12, width: 794, height: 1123, colorScheme: 'light', isPrinted: true },
};

const { renderReport } = await loadTools();
const folder = mkdtempSync(join(tmpdir(), 'page-'));
mkdirSync(output, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [name, { findings, width, height, colorScheme, isPrinted, opens }] of Object.entries(pictures)) {
  const file = join(folder, `${findings}.html`);
  writeFileSync(file, await renderReport('html', machineReport({ findings })));
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(pathToFileURL(file).href);
  if (isPrinted === true) {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  }
  if (opens === true) await page.locator('.opener').first().click();
  await page.screenshot({ path: join(output, name) });
  console.log(join(output, name));
  await page.close();
}
await browser.close();
rmSync(folder, { recursive: true });
