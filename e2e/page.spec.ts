// What the client records about a page: loads, API calls, visits, layout shifts.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPuppeteer } from '@artel/test-support/browsers/chromium';
import type { Page } from '@playwright/test';
import type { Batch } from '../packages/protocol/dist/index.js';
import { test as base, expect, type PageLab, startPageLab, withoutBrowser } from './base';
import { bundlePage } from './bundlePage';

/** Offers the page to be prerendered. */
const RULES = JSON.stringify({
  prerender: [{ source: 'list', urls: ['/prerendered'], eagerness: 'immediate' }],
});

/** Notifies the server once the page has loaded and has sent everything. */
const FLUSH = `<script>
  addEventListener('load', () => setTimeout(async () => {
    await clients[0].flush();
    new Image().src = '/flushed';
  }));
</script>`;

const html = (body: string) =>
  `<!doctype html><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">${body}`;

const client = html('<p>A table for two</p><script type="module" src="/page.js"></script>');

interface Lab extends PageLab {
  /** How often a path was asked for. */
  visits(path: string): number;
}

const test = base.extend<{ lab: Lab }>({
  lab: async ({ folder }, use) => {
    const scripts = await bundlePage({
      entryPoints: [fileURLToPath(new URL('page/page.ts', import.meta.url))],
      splitting: true,
    });
    const pages: Readonly<Record<string, string>> = {
      '/first': client,
      '/prerendered': client + FLUSH,
      '/flushed': '',
      '/bare': html(''),
      '/referrer': html(`<script type="speculationrules">${RULES}</script><a href="/prerendered">Play</a>`),
      '/data': '{}',
    };
    const visits: string[] = [];
    const lab = await startPageLab({
      folder,
      serve({ pathname }) {
        visits.push(pathname);
        const script = scripts[pathname];
        if (script !== undefined) return { type: 'text/javascript', text: script };
        const text = pages[pathname];
        return text === undefined ? undefined : { type: 'text/html', text };
      },
    });
    await use({ ...lab, visits: (path) => visits.filter((visited) => visited === path).length });
    await lab.close();
  },
});

test.skip(...withoutBrowser);

const flush = (page: Page) =>
  page.evaluate(() => Promise.all(window.clients.map((telemetry) => telemetry.flush())));

/** Waits until the metrics of the load have been recorded, which come when the page is idle, and sends them. */
async function settle(page: Page): Promise<void> {
  // The action, the load, the first paint and the first byte.
  await expect.poll(() => page.evaluate(() => window.clients[0]?.stats().emitted)).toBe(4);
  await flush(page);
}

const API_CALLS = 'api_request_duration_ms_count';

test('a fetch polyfill on XMLHttpRequest reports the call of the app, once, and none of ours', async ({
  lab,
  page,
}) => {
  await page.goto(`${lab.server.url}/first?polyfill`);
  await settle(page);
  await page.evaluate(() => fetch('/data'));
  for (let round = 0; round < 3; round++) await flush(page);
  expect(await lab.counted(API_CALLS)).toBe(1);
  expect(await lab.counted(API_CALLS, { endpoint: '/data', method: 'GET', status_code: '200' })).toBe(1);
  expect(await page.evaluate(() => window.clients[0]?.stats())).toMatchObject({ emitted: 5, pending: 0 });
});

test('three clients on one page count a call once each, and none of their own', async ({ lab, page }) => {
  await page.goto(`${lab.server.url}/first?clients=3`);
  await settle(page);
  await page.evaluate(() => fetch('/data'));
  for (let round = 0; round < 3; round++) await flush(page);
  expect(await lab.counted(API_CALLS)).toBe(3);
  expect(await lab.counted(API_CALLS, { endpoint: '/data' })).toBe(3);
  const reporters = lab.server.exchanges
    .map(({ text }) => JSON.parse(text) as Batch)
    .filter(({ metrics }) => metrics?.some(({ labels }) => labels?.['endpoint'] === '/data'));
  expect(reporters.map(({ app }) => app?.name).sort()).toEqual(['client-0', 'client-1', 'client-2']);
});

test('a page that is prerendered is counted when the player opens it, and not before', async ({
  lab,
  folder,
}) => {
  const browser = await startPuppeteer(join(folder, 'profile'));
  const page = await browser.newPage();
  const counted = async () => [
    await lab.counted('page_load_duration_ms_count', { page: '/prerendered' }),
    await lab.counted('user_action_total', { page: '/prerendered' }),
  ];
  await page.goto(`${lab.server.url}/referrer`);
  await expect.poll(() => lab.visits('/flushed')).toBe(1);
  // Away, to another page: nobody will ever see the one that was prerendered.
  await page.goto(`${lab.server.url}/bare`);
  expect(await counted()).toEqual([0, 0]);

  await page.goto(`${lab.server.url}/referrer`);
  await expect.poll(() => lab.visits('/flushed')).toBe(2);
  expect(await counted()).toEqual([0, 0]);
  await page.click('a');
  await expect.poll(counted).toEqual([1, 1]);
  expect(lab.visits('/prerendered')).toBe(2);
  // From the activation on: without the time for which the page has waited.
  const waited = await page.evaluate(
    () => Object(performance.getEntriesByType('navigation')[0]).activationStart as number,
  );
  expect(waited).toBeGreaterThan(0);
  expect(await lab.counted('page_load_duration_ms_sum', { page: '/prerendered' })).toBe(0);
  await browser.close();
});

/** The session of the last batch from a page. */
async function sessionOf(lab: Lab, page: Page): Promise<string | undefined> {
  await page.evaluate(() => window.clients[0]?.trackUserAction('asked'));
  await flush(page);
  const { text = '{}' } = lab.server.exchanges.at(-1) ?? {};
  return (JSON.parse(text) as { readonly session?: string }).session;
}

test('a reload stays in the session, and a tab that the page opens has its own', async ({ lab, page }) => {
  await page.goto(`${lab.server.url}/first`);
  const session = await sessionOf(lab, page);
  expect(session).toMatch(/^[0-9a-f]{24}$/);
  await page.reload();
  expect(await sessionOf(lab, page)).toBe(session);

  const popup = page.waitForEvent('popup');
  await page.evaluate(() => void window.open('/first'));
  const tab = await popup;
  await tab.waitForFunction(() => window.clients !== undefined);
  const other = await sessionOf(lab, tab);
  expect(other).toMatch(/^[0-9a-f]{24}$/);
  expect(other).not.toBe(session);
  expect(await sessionOf(lab, page)).toBe(session);
});

test('a layout shift counts for the page on which it happened', async ({ lab, page }) => {
  await page.goto(`${lab.server.url}/first`);
  await settle(page);
  await page.evaluate(async () => {
    const shifted = new Promise((resolve) =>
      new PerformanceObserver(resolve).observe({ type: 'layout-shift', buffered: true }),
    );
    const banner = document.createElement('div');
    banner.style.height = '200px';
    document.body.prepend(banner);
    await shifted;
    history.pushState({}, '', '/second');
  });
  await page.goto(`${lab.server.url}/bare`);
  await expect.poll(() => lab.counted('web_vital_cls_count')).toBe(1);
  expect(await lab.counted('web_vital_cls_count', { page: '/first' })).toBe(1);
  expect(await lab.counted('web_vital_cls_sum', { page: '/first' })).toBeGreaterThan(0);
});
