import { replayIntegration } from '@sentry/react';
import { expect, it } from 'vitest';
import { scrubAddress, scrubAddresses } from './scrubAddresses';

it('takes query and fragment out of the address that a recording begins with, and leaves the rest', () => {
  const meta = (href: string) => ({ type: 4, data: { href, width: 360, height: 740 }, timestamp: 1 });
  expect(scrubAddress(meta('https://app.example/broken?token=canary#tgWebAppData=x'))).toEqual(
    meta('https://app.example/broken'),
  );
  const other = { type: 3, data: { href: 'https://app.example/?token=canary' }, timestamp: 1 };
  expect(scrubAddress(other)).toBe(other);
});

it('finds its place in the release of Sentry that is installed', () => {
  expect(scrubAddresses(replayIntegration())).toBe(true);
});
