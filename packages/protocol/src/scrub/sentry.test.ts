import { expect, it } from 'vitest';
import { scrubSentryHead } from './sentry';

const scrubName = (name: string): string => name.replace(/\?.*/, '');

it('scrubs the name of the transaction and keeps the rest of the metadata', () => {
  const metadata = {
    spanCount: 2,
    dynamicSamplingContext: { transaction: '/game?token=t', release: '1.2.3' },
  };
  expect(scrubSentryHead(metadata, scrubName)).toEqual({
    spanCount: 2,
    dynamicSamplingContext: { transaction: '/game', release: '1.2.3' },
  });
  expect(metadata.dynamicSamplingContext.transaction).toBe('/game?token=t');
});

it('returns metadata without a transaction itself', () => {
  for (const metadata of [{}, { dynamicSamplingContext: {} }])
    expect(scrubSentryHead(metadata, scrubName)).toBe(metadata);
});
