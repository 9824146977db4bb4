import { useSyncExternalStore } from 'react';
import type { ColorScheme } from '../telegram/theme';

function subscribe(watcher: () => void) {
  const observer = new MutationObserver(watcher);
  observer.observe(document.documentElement, { attributeFilter: ['data-scheme'] });
  return () => observer.disconnect();
}

const read = (): ColorScheme => (document.documentElement.dataset.scheme === 'dark' ? 'dark' : 'light');

/** Light or dark, as Telegram or the device has it now. */
export function useScheme(): ColorScheme {
  return useSyncExternalStore(subscribe, read);
}
