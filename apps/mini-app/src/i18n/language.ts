import type { Language } from './plural';

/** What the player chose in the settings: a language, or to let Telegram and the browser say. */
export type LanguageChoice = Language | 'auto';

export const languages = ['en', 'ru'] as const satisfies readonly Language[];

/** The language of the page, followed by whoever shows texts. */
export interface LanguageStore {
  subscribe(watcher: () => void): () => void;
  current(): Language;
  choice(): LanguageChoice;
  /** Takes effect at once and is kept on the device. */
  choose(choice: LanguageChoice): void;
}

const KEY = 'artel-billiards/language';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** `WebApp.initDataUnsafe.user.language_code`: unsigned, which is good enough for a choice of words. */
function telegramLanguage(page: Window): string | undefined {
  try {
    const app: unknown = page.Telegram?.WebApp;
    const data = isObject(app) ? app.initDataUnsafe : undefined;
    const user = isObject(data) ? data.user : undefined;
    const code = isObject(user) ? user.language_code : undefined;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/** The first of `tags` (BCP 47) that the app speaks; English when it speaks none of them. */
export function firstSpoken(tags: readonly string[]): Language {
  const spoken = tags.map((tag) => languages.find((known) => tag.toLowerCase().split(/[-_]/)[0] === known));
  return spoken.find((language) => language !== undefined) ?? 'en';
}

function readChoice(page: Window): LanguageChoice {
  try {
    const kept = page.localStorage.getItem(KEY);
    return languages.find((known) => known === kept) ?? 'auto';
  } catch {
    return 'auto';
  }
}

/** Speaks as the player chose, else as Telegram says, else as the browser is set; keeps `<html lang>` in step. */
export function createLanguageStore(page: Window): LanguageStore {
  const watchers = new Set<() => void>();
  let choice = readChoice(page);
  let current: Language = 'en';

  const settle = () => {
    const before = current;
    const told = telegramLanguage(page);
    current =
      choice === 'auto' ? firstSpoken([...(told ? [told] : []), ...page.navigator.languages]) : choice;
    page.document.documentElement.lang = current;
    if (current !== before) for (const watcher of watchers) watcher();
  };

  settle();
  // Telegram's script may come after the first render; the end of a script's loading does not bubble.
  page.document.addEventListener('load', settle, true);

  return {
    subscribe(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    current: () => current,
    choice: () => choice,
    choose(next) {
      choice = next;
      try {
        if (next === 'auto') page.localStorage.removeItem(KEY);
        else page.localStorage.setItem(KEY, next);
      } catch {
        // Storage is off: the choice lasts as long as the page.
      }
      settle();
      for (const watcher of watchers) watcher();
    },
  };
}
