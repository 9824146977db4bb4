import { useSyncExternalStore } from 'react';
import { en } from './en';
import { createFormats, type Formats } from './formats';
import { createLanguageStore, type LanguageChoice } from './language';
import type { Language } from './plural';
import { ru } from './ru';

/** Every text of one language. */
export type Texts = typeof en;

/** One language: its texts, and how it writes numbers, times and lists. */
export interface Speech {
  readonly language: Language;
  readonly texts: Texts;
  readonly format: Formats;
}

const speeches: Readonly<Record<Language, Speech>> = {
  en: { language: 'en', texts: en, format: createFormats('en') },
  ru: { language: 'ru', texts: ru, format: createFormats('ru') },
};

// One page, one language: the store is the page's own, like its address.
const store = createLanguageStore(window);

/** The texts in the language of the page, followed through its changes. */
export function useTexts(): Speech {
  return speeches[useSyncExternalStore(store.subscribe, store.current)];
}

/** What the player chose, and how to choose. */
export function useLanguageChoice(): readonly [LanguageChoice, (choice: LanguageChoice) => void] {
  return [useSyncExternalStore(store.subscribe, store.choice), store.choose];
}
