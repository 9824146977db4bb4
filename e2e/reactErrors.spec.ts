import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, test, withoutBrowser } from './base';
import { bundlePage } from './bundlePage';

test.skip(...withoutBrowser);

/** Nobody answers there: the page and what it sends are all taken by the test. */
const ORIGIN = 'http://errors.test';
const DSN = 'http://public@errors.test/1';

// As in packages/react/fixtures/errorsPage.tsx, which needs React's types to be read.
declare global {
  interface Window {
    react: string;
    run(scenario: string, options: { readonly handlers: boolean; readonly strict: boolean }): void;
    flush(): Promise<void>;
  }
}

type Major = '18' | '19';
type Mode = 'development' | 'production';

/** The page with its chunks, Sentry in one of its own, by path. */
async function bundleErrors(major: Major, mode: Mode): Promise<ReadonlyMap<string, string>> {
  const modules = `${process.cwd()}/packages/react${major === '18' ? '/react-18' : ''}/node_modules`;
  const scripts = await bundlePage({
    entryPoints: ['packages/react/fixtures/errorsPage.tsx'],
    splitting: true,
    jsx: 'automatic',
    jsxDev: false,
    minify: mode === 'production',
    alias: { react: `${modules}/react`, 'react-dom': `${modules}/react-dom` },
    development: mode === 'development',
  });
  return new Map(Object.entries(scripts));
}

/** What an error came to: whether it was handled, as core and as Sentry tell it, once for each event. */
interface Reported {
  readonly core: readonly unknown[];
  readonly sentry: readonly unknown[];
}

interface SentEvent {
  readonly exception?: {
    readonly values?: readonly { readonly mechanism?: { readonly handled?: boolean } }[];
  };
}

interface SentBatch {
  readonly metrics?: readonly { readonly name: string; readonly value?: number }[];
  readonly logs?: readonly {
    readonly category?: string;
    readonly fields?: Readonly<Record<string, unknown>>;
  }[];
}

const textOf = (body: Buffer | null): string => {
  if (!body) return '';
  return (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString('utf8');
};

function readBatch(body: string): unknown[] {
  const { metrics = [], logs = [] } = JSON.parse(body) as SentBatch;
  const counted = metrics
    .filter(({ name }) => name === 'frontend_error_total')
    .reduce((sum, { value = 1 }) => sum + value, 0);
  const lines = logs.filter(({ category }) => category === 'error').map(({ fields }) => fields?.['handled']);
  return Array.from({ length: counted }, (_, at) => lines[at]);
}

function readEnvelope(body: string): unknown[] {
  const lines = body.split('\n');
  return lines.flatMap((line, at) => {
    if (!line.startsWith('{"type":"event"')) return [];
    const { exception } = JSON.parse(lines[at + 1] ?? '{}') as SentEvent;
    return [exception?.values?.at(-1)?.mechanism?.handled];
  });
}

/** Serves the page and takes what it sends. */
async function serve(page: Page, site: ReadonlyMap<string, string>) {
  const reported = { core: [] as unknown[], sentry: [] as unknown[] };
  let openSentry = () => {};
  const sentryMayLoad = new Promise<void>((resolve) => {
    openSentry = resolve;
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const body = textOf(route.request().postDataBuffer());
    if (pathname === '/api/metrics') {
      reported.core.push(...readBatch(body));
      return route.fulfill({ status: 202, json: { accepted: 1, rejected: [], duplicate: false } });
    }
    if (pathname === '/api/1/envelope/') {
      reported.sentry.push(...readEnvelope(body));
      return route.fulfill({ json: {} });
    }
    const script = site.get(pathname);
    if (script === undefined) {
      const html = '<!doctype html><title>Errors</title><script type="module" src="/errorsPage.js"></script>';
      return route.fulfill({ contentType: 'text/html', body: html });
    }
    // The chunk that is asked for when the page has started.
    if (/^\/dist-/.test(pathname)) await sentryMayLoad;
    return route.fulfill({ contentType: 'text/javascript', body: script });
  });
  return { reported, openSentry };
}

interface Setting {
  readonly handlers: boolean;
  readonly strict: boolean;
  /** The error comes before Sentry has loaded. */
  readonly early: boolean;
}

const once = (handled: boolean): Reported => ({ core: [handled], sentry: [handled] });
const never: Reported = { core: [], sentry: [] };

/** What each scenario is expected to report. */
const scenarios: Readonly<Record<string, (major: Major, setting: Setting) => Reported>> = {
  'caught: made in each render': () => once(true),
  'caught: one object': () => once(true),
  'caught: frozen': () => once(true),
  'caught: a word': () => once(true),
  'caught: null': () => once(true),
  'caught: in an effect': () => once(true),
  'caught: in a later render': () => once(true),
  'caught twice: nested boundaries': () => once(true),
  'caught: thrown by the fallback': () => once(true),
  // React 18 tells nobody of it, and React 19 the root's handlers.
  "caught: another's boundary within ours": (major, { handlers }) =>
    major === '19' && handlers ? once(true) : never,
  'uncaught: made in each render': () => once(false),
  'uncaught: one object': () => once(false),
  'uncaught: frozen': () => once(false),
  'uncaught: a word': () => once(false),
  'uncaught: null': () => once(false),
  'uncaught: in an effect': () => once(false),
  'handler: an error': () => once(false),
  'handler: frozen': () => once(false),
  'handler: a word': () => once(false),
  'handler: reported, then thrown on': () => once(true),
};

async function play(
  page: Page,
  site: ReadonlyMap<string, string>,
  scenario: string,
  setting: Setting,
  expected: Reported,
) {
  const { reported, openSentry } = await serve(page, site);
  if (!setting.early) openSentry();
  await page.goto(`${ORIGIN}/?dsn=${encodeURIComponent(DSN)}`);
  await page.waitForFunction(() => 'run' in window);
  const sentryIsThere = () =>
    page.waitForFunction(() => window.onerror && '__SENTRY_INSTRUMENTED__' in window.onerror);
  if (!setting.early) await sentryIsThere();
  await page.evaluate(([name, { handlers, strict }]) => window.run(name, { handlers, strict }), [
    scenario,
    setting,
  ] as const);
  if (scenario.startsWith('handler')) await page.click('#throw');
  // Whatever React does of it, it does in tasks that are queued before these.
  const settle = () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  await settle();
  if (setting.early) {
    openSentry();
    await sentryIsThere();
  }
  await settle();
  await page.evaluate(() => window.flush());
  // Sentry sends when it comes to it. What comes twice comes soon after.
  await expect.poll(() => reported, { message: scenario }).toEqual(expected);
  await settle();
  await page.unroute(`${ORIGIN}/**`);
  return reported;
}

/**
 * React 18 for development also dispatches each failing render and handler to the window, before a boundary can catch it. An
 * error of one object is still one event, though not known as handled; one that is made in each render is several.
 * https://github.com/facebook/react/blob/v18.3.1/packages/shared/invokeGuardedCallbackImpl.js
 */
const isOneObject = (scenario: string) => /one object|frozen|in an effect|an error|reported/.test(scenario);

const settings: readonly Setting[] = [
  { handlers: false, strict: true, early: false },
  { handlers: true, strict: false, early: false },
  { handlers: true, strict: true, early: true },
];

for (const major of ['18', '19'] as const) {
  for (const mode of ['development', 'production'] as const) {
    for (const setting of settings) {
      const { handlers, early } = setting;
      // In a production build the middle one differs from the last in nothing but when Sentry comes.
      if (mode === 'production' && handlers && !early) continue;
      const title = `React ${major} for ${mode}${handlers ? ' with our handlers' : ''}${early ? ', Sentry late' : ''}`;
      test(`${title}: each error is one event for core and one for Sentry, rightly handled or not`, async ({
        page,
      }) => {
        const site = await bundleErrors(major, mode);
        const got: Record<string, Reported> = {};
        const expected: Record<string, Reported> = {};
        const isDispatched = major === '18' && mode === 'development';
        for (const [scenario, comeOf] of Object.entries(scenarios)) {
          if (isDispatched && !isOneObject(scenario)) continue;
          const result = isDispatched && scenario.startsWith('caught') ? once(false) : comeOf(major, setting);
          expected[scenario] = result;
          got[scenario] = await play(page, site, scenario, setting, result);
        }
        expect(await page.evaluate(() => window.react.split('.')[0])).toBe(major);
        expect(got).toEqual(expected);
      });
    }
  }
}
