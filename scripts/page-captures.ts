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

/** By file name. */
const pictures = {
  'page-light.png': { width: 1280, height: 830, colorScheme: 'light', opens: false },
  'page-dark.png': { width: 1280, height: 720, colorScheme: 'dark', opens: true },
  'page-narrow.png': { width: 400, height: 1200, colorScheme: 'light', opens: false },
} as const;

const { renderReport } = await loadTools();
const folder = mkdtempSync(join(tmpdir(), 'page-'));
const file = join(folder, 'page.html');
writeFileSync(file, await renderReport('html', machineReport({ findings: 40 })));
mkdirSync(output, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [name, { width, height, colorScheme, opens }] of Object.entries(pictures)) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(pathToFileURL(file).href);
  if (opens) await page.locator('.opener').first().click();
  await page.screenshot({ path: join(output, name) });
  console.log(join(output, name));
  await page.close();
}
await browser.close();
rmSync(folder, { recursive: true });
