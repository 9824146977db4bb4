import { scrubText } from '@artel/telemetry-protocol/scrub';
import { expect, it } from 'vitest';
import { createScrubber } from './scrubber';

it('lets a text pass that is plainly harmless', () => {
  expect(createScrubber()('Ball potted in /game/:id')).toBe('Ball potted in /game/:id');
});

it('filters any other as a whole until the patterns are there, and then only what is private', () => {
  const scrub = createScrubber();
  const text = 'signed in as ann@example.org, round=2';
  expect(scrub(text)).toBe('[Filtered]');
  scrub.full = scrubText;
  expect(scrub(text)).toBe('signed in as [Filtered] round=2');
});

it('makes no text longer than it was, unless it was short', () => {
  const scrub = createScrubber();
  scrub.full = (text) => text.replace(/=/g, '=[Filtered]');
  expect(scrub('=')).toBe('=[Filtered]');
  expect(scrub('='.repeat(8_192))).toHaveLength(8_192);
});
