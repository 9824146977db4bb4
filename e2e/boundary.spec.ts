import { startFakeSentry } from '@artel/test-support/fakes/sentry';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const LAUNCH =
  '#tgWebAppData=query_id%3DAAHcanary%26user%3D%257B%2522first_name%2522%253A%2522Canaryname%2522%257D%26auth_date%3D1700000000%26hash%3Dcafecanary&tgWebAppVersion=9.1&tgWebAppPlatform=ios';

test('a component that throws shows the fallback, recovers, and is reported once to each', async ({
  page,
  stack,
}) => {
  const sentry = await startFakeSentry();
  // The address of the fake is put where an operator would put the real one.
  await page.addInitScript((dsn) => {
    new MutationObserver((_, observer) => {
      if (!document.head) return;
      observer.disconnect();
      document.head.append(
        Object.assign(document.createElement('meta'), { name: 'sentry-dsn', content: dsn }),
      );
    }).observe(document, { childList: true, subtree: true });
  }, sentry.dsn);
  await page.route('https://telegram.org/**', (route) => route.abort());

  await page.goto(`${stack.app}/broken?token=canarytoken${LAUNCH}`);
  await page.getByTestId('break-it').click();
  await expect(page.getByTestId('boundary-fallback')).toBeVisible();
  await page.getByTestId('try-again').click();
  await expect(page.getByTestId('boundary-fallback')).toBeHidden();
  await expect(page.getByTestId('break-it')).toBeVisible();

  await expect.poll(() => stack.counted('frontend_error_total')).toBe(1);
  await expect.poll(() => sentry.items.filter((item) => item.type === 'event').length).toBe(1);
  // The replay of the error follows it, and holds the address.
  await expect.poll(() => sentry.recorded.some(({ type }) => type === 4)).toBe(true);
  await page.waitForTimeout(4_000);

  expect(await stack.counted('frontend_error_total', { error_type: 'Error' })).toBe(1);
  const events = sentry.items.filter((item) => item.type === 'event').map((item) => item.payload);
  expect(events).toHaveLength(1);
  const [event] = events as [
    {
      readonly exception: {
        readonly values: readonly { readonly value: string; readonly mechanism: unknown }[];
      };
      readonly contexts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      readonly request?: { readonly url?: string };
    },
  ];
  const thrown = event.exception.values.find(({ value }) => value === 'The cue broke');
  expect(thrown?.mechanism).toMatchObject({ handled: true });
  expect(String(event.contexts['react']?.['componentStack'])).toMatch(/\n\s+at /);
  expect(event.contexts['app']).toMatchObject({ platform: 'telegram-mini-app' });
  expect(event.request?.url ?? '').not.toContain('token=');
  for (const secret of ['canarytoken', 'AAHcanary', 'Canaryname', 'cafecanary'])
    expect(sentry.raw).not.toContain(secret);
  await sentry.close();
});
