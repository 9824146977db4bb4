import { useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  window.addEventListener('popstate', watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener('popstate', watcher);
  };
}

/** Goes to a path of the app through the History API: the hash belongs to Telegram's launch parameters. */
export function navigate(path: string) {
  if (path === window.location.pathname) return;
  window.history.pushState(null, '', path);
  for (const watcher of watchers) watcher();
}

/** The path that is shown, followed through `navigate` and the back button. */
export function usePathname(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}
