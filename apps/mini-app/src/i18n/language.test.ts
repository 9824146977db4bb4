// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLanguageStore, firstSpoken } from './language';

afterEach(() => {
  window.localStorage.clear();
  delete window.Telegram;
  vi.restoreAllMocks();
});

const browserSpeaks = (...tags: string[]) =>
  vi.spyOn(window.navigator, 'languages', 'get').mockReturnValue(tags);

const telegramSpeaks = (language_code: string) => {
  window.Telegram = {
    WebApp: Object.assign({ colorScheme: 'light' }, { initDataUnsafe: { user: { language_code } } }),
  };
};

describe('firstSpoken', () => {
  it.each([
    [['ru-RU', 'en'], 'ru'],
    [['en-GB'], 'en'],
    [['de-DE', 'ru'], 'ru'],
    [['rue'], 'en'],
    [[], 'en'],
  ] as const)('of %j is %s', (tags, language) => {
    expect(firstSpoken(tags)).toBe(language);
  });
});

describe('createLanguageStore', () => {
  it('speaks as the browser is set, and says so in <html lang>', () => {
    browserSpeaks('ru-RU', 'en-US');
    expect(createLanguageStore(window).current()).toBe('ru');
    expect(document.documentElement.lang).toBe('ru');
  });

  it('follows Telegram before the browser, also when its script comes late', () => {
    browserSpeaks('en-GB');
    const store = createLanguageStore(window);
    const watcher = vi.fn();
    store.subscribe(watcher);
    telegramSpeaks('ru');
    const script = document.head.appendChild(document.createElement('script'));
    script.dispatchEvent(new Event('load'));
    expect(store.current()).toBe('ru');
    expect(watcher).toHaveBeenCalledOnce();
  });

  it('follows the player before both, over a reload, until the choice is taken back', () => {
    browserSpeaks('en-GB');
    telegramSpeaks('en');
    createLanguageStore(window).choose('ru');
    const next = createLanguageStore(window);
    expect([next.choice(), next.current()]).toEqual(['ru', 'ru']);
    next.choose('auto');
    expect([next.choice(), next.current()]).toEqual(['auto', 'en']);
    expect(createLanguageStore(window).choice()).toBe('auto');
  });

  it('works where storage is forbidden and Telegram’s bridge throws', () => {
    browserSpeaks('ru');
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('forbidden');
    });
    window.Telegram = {
      get WebApp(): never {
        throw new Error('old');
      },
    };
    expect(createLanguageStore(window).current()).toBe('ru');
  });
});
