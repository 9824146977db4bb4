// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { consentAtStart, createConsentBook } from './consent';

afterEach(() => {
  window.localStorage.clear();
  document.head.innerHTML = '';
});

describe('createConsentBook', () => {
  it('knows the answer on the next opening, and the last one counts', () => {
    const book = createConsentBook(() => window.localStorage);
    expect(book.answer()).toBeUndefined();
    book.write(false);
    expect(createConsentBook(() => window.localStorage).answer()).toBe('denied');
    book.write(true);
    expect(createConsentBook(() => window.localStorage).answer()).toBe('granted');
  });

  it('keeps the answer as long as the page where storage is forbidden', () => {
    const book = createConsentBook(() => {
      throw new Error('forbidden');
    });
    book.write(false);
    expect(book.answer()).toBe('denied');
  });
});

describe('consentAtStart', () => {
  it('is the answer, where there is one', () => {
    expect(consentAtStart('granted', document)).toBe(true);
    expect(consentAtStart('denied', document)).toBe(false);
  });

  it('waits for the answer where the page is told to ask first', () => {
    expect(consentAtStart(undefined, document)).toBe(true);
    document.head.innerHTML = '<meta name="telemetry-consent" content="ask">';
    expect(consentAtStart(undefined, document)).toBe('pending');
    expect(consentAtStart('denied', document)).toBe(false);
  });
});
