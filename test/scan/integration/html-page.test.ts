/**
 * The HTML page in a real browser: what people see and do, with the mouse, with the keyboard, with a screen reader and on
 * paper; that names of files cannot become markup; that nothing leaves the page; that 20,000 findings stay quick.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type Page, chromium } from 'playwright-core';
import { machineReport } from '../../../fixtures/page-reports.ts';
import { renderReport } from '../../../src/scan/report/index.ts';
import { describeWith, installed, pathOf } from '../../tool.ts';

type Report = ReturnType<typeof machineReport>;

const browserName = 'chromium';

describeWith(installed(browserName))('the HTML page', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'page-'));
    browser = await chromium.launch({
      executablePath: pathOf(browserName) ?? browserName,
      // Everything runs as root in CI, which the sandbox refuses.
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  interface Opened {
    readonly page: Page;
    /** What the browser asked for, besides the page. */
    readonly requests: readonly string[];
    /** Errors of the script, and violations of the policy. */
    readonly errors: readonly string[];
  }

  async function open(report: Report, options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
    const file = join(folder, 'page.html');
    writeFileSync(file, await renderReport('html', report));
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    const url = pathToFileURL(file).href;
    page.on('request', (request) => request.url().split('#')[0] === url || requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    await page.locator('html[data-ready]').waitFor();
    return { page, requests, errors };
  }

  const statusOf = (page: Page) => page.getByRole('status').textContent();
  const rowsOf = (page: Page) => page.locator('tr.secret');

  test('12 findings: summary, filters, order and details work with mouse and keyboard', async () => {
    const report = machineReport({ findings: 12 });
    const { page, requests, errors } = await open(report);
    const secrets = new Set(report.outcome.findings.map(({ fingerprint }) => fingerprint)).size;
    expect(await page.title()).toBe('Secrets scan of LAPTOP-0417');
    expect(await page.locator('.headline').textContent()).toBe(`${secrets} secrets in plain text`);
    expect(await statusOf(page)).toBe(`${secrets} secrets in 12 places`);
    expect(await page.locator('.facts').innerText()).toMatch(/9 places not scanned/);

    // A tile filters, and takes the focus to the list.
    await page.locator('.tile.critical').click();
    const critical = await rowsOf(page).count();
    expect(critical).toBeLessThan(secrets);
    expect(await page.locator('tr.secret .badge').allTextContents()).toEqual(
      Array(critical).fill('Critical'),
    );
    expect(page.url()).toContain('#severity=critical');
    expect(
      await page.getByRole('button', { name: 'Critical', exact: true }).getAttribute('aria-pressed'),
    ).toBe('true');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await rowsOf(page).count()).toBe(secrets);

    // From the search to a row and its details, by keyboard alone.
    await page.getByRole('searchbox', { name: 'Search' }).focus();
    await page.keyboard.type('ANNA .env');
    // The list follows after a pause.
    await page.waitForURL(/#text=ANNA/);
    for (const path of await page.locator('td.col-path .where').allInnerTexts())
      expect(path).toMatch(/anna.*\.env/s);
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('ben');
    expect(await statusOf(page)).toBe('No finding matches these filters.');
    await page.getByRole('button', { name: 'Clear filters' }).press('Enter');
    const openers = page.locator('.opener');
    await openers.first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.opener:focus').textContent()).toBe(await openers.nth(1).textContent());
    await page.keyboard.press('Enter');
    expect(await openers.nth(1).getAttribute('aria-expanded')).toBe('true');
    const details = page.locator('tr.details:visible');
    expect(await details.innerText()).toMatch(/What to do[^]*Fingerprint/);

    // Headings sort, and say so.
    const heading = page.getByRole('columnheader', { name: 'Secret' });
    await heading.getByRole('button').press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    const titles = await openers.allTextContents();
    expect(titles).toEqual(titles.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect({ requests, errors }).toEqual({ requests: [], errors: [] });
  });

  test.each(['light', 'dark'] as const)('has no known barrier, in %s', async (colorScheme) => {
    // The checker is a script of its own, which the policy of the page forbids.
    const { page } = await open(machineReport({ findings: 12 }), { colorScheme, bypassCSP: true });
    await page.locator('.opener').first().click();
    await page.evaluate(axe.source);
    const { violations }: axe.AxeResults = await page.evaluate('axe.run()');
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  test('without findings, it says what was scanned, and never calls clean what was not', async () => {
    const clean = machineReport({ findings: 0 });
    const said = async (coverage: Partial<Report['outcome']['coverage']>) => {
      const outcome = { ...clean.outcome, coverage: { ...clean.outcome.coverage, ...coverage } };
      const { page } = await open({ ...clean, outcome });
      return await page.getByRole('main').innerText();
    };
    const isClean = /Everything[^]*Complete[^]*Everything/;
    expect(await said({})).toMatch(/No plaintext credentials found in 215,057 files/);
    expect(await said({})).toMatch(isClean);
    const incomplete = await said({ unexamined: { 'permission-denied': 3 } });
    expect(incomplete).toMatch(/215,057 files\s+The scan is not complete: 3 places not scanned/);
    const idle = await said({ files: 0, unchanged: 0 });
    expect(idle).toMatch(/Nothing was scanned[^]*No file scanned/);
    for (const text of [incomplete, idle]) expect(text).not.toMatch(/Everything|Complete/);
  });

  test('names of files are text, whatever they contain, and nothing leaves the page', async () => {
    const report = machineReport({ findings: 1, name: '</title><img src=x onerror="pwned=1">' });
    const [first] = report.outcome.findings;
    if (first === undefined) throw new Error('there is a finding');
    const names = [
      '</script><script>pwned=1</script>',
      '<!--<script>',
      '"><svg onload=pwned=1>',
      '\u202Egnp.exe',
      '${alert}$&',
    ];
    const findings = names.map((name, index) => ({
      ...first,
      path: `/home/${name}`,
      title: `<b>${name}</b>`,
      rule: `rule-${index}`,
      fingerprint: `${index}`.repeat(64),
      evidence: [name],
    }));
    const rules = findings.map(({ rule: id, title }, index) => ({
      ...report.outcome.rules[0],
      id,
      title,
      severity: 'high' as const,
      remediation: title,
      source: index === 0 ? 'javascript:pwned=1' : 'https://docs.example/',
    }));
    const { page, requests, errors } = await open({
      ...report,
      outcome: { ...report.outcome, findings, rules },
    });
    for (const opener of await page.locator('.opener').all()) await opener.click();
    const text = await page.locator('body').innerText();
    for (const name of names) expect(text).toContain(name.replace('\u202E', '\\u202e'));
    expect(
      await page.locator('img, b, body script:not([type]) ~ script, a[href^="javascript"]').count(),
    ).toBe(0);
    expect(errors).toEqual([]);
    // The policy stops what a flaw of the page would let in.
    const blocked = await page.evaluate(`(async () => {
      const isRefused = (action) => {
        try {
          action();
          return false;
        } catch {
          return true;
        }
      };
      return [
        isRefused(() => (document.body.innerHTML = '<i>x</i>')),
        isRefused(() => (document.createElement('script').text = 'pwned = 1')),
        await fetch('https://example.invalid/').then(() => false, () => true),
        !('pwned' in globalThis),
      ];
    })()`);
    expect(blocked).toEqual([true, true, true, true]);
    expect(requests).toEqual([]);
  });

  test('on paper, all details and no controls', async () => {
    const { page } = await open(machineReport({ findings: 130 }), { colorScheme: 'dark' });
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('dana');
    const secrets = Number.parseInt((await statusOf(page)) ?? '', 10);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('tr.details:visible').count()).toBe(secrets);
    expect(await page.locator('input:visible, select:visible, .pager:visible').count()).toBe(0);
    expect(await page.locator('#findings').innerText()).toMatch(/Only findings with owner dana\./);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('20,000 findings: quick to open, to filter, to sort and to turn', async () => {
    const { page, errors } = await open(machineReport({ findings: 20_000 }));
    /** Milliseconds from an action to the frame that shows its result. */
    const time = async (action: string, pause = 0): Promise<number> =>
      await page.evaluate(`(async () => {
        const start = performance.now();
        ${action};
        await new Promise((done) => setTimeout(done, ${pause}));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return performance.now() - start - ${pause};
      })()`);
    const press = async (selector: string) => await time(`document.querySelector('${selector}').click()`);
    const times = {
      painted: await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`),
      severity: await press('.toggle.high'),
      // The list follows when no key was pressed for 120 milliseconds.
      search: await time(
        `const search = document.querySelector('input[type=search]');
        search.value = 'anna docker';
        search.dispatchEvent(new Event('input'))`,
        120,
      ),
      clear: await press('.reset'),
      sort: await press('th.col-path button'),
      next: await press('.pager button:nth-last-child(2)'),
    };
    // Generous, since other tests run beside this one: by itself, it takes a tenth.
    const slow = Object.entries(times).filter(
      ([action, taken]) => !(Number(taken) < (action === 'painted' ? 10_000 : 3000)),
    );
    expect(slow).toEqual([]);
    expect(await statusOf(page)).toMatch(/, 51 to 100 shown$/);
    expect(errors).toEqual([]);
  });
});
