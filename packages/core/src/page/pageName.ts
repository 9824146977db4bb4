import { endpointTemplate, limits, truncate } from '@artel/telemetry-protocol';
import { attempt, type Environment } from './environment';

/** The name of the page, for the `page` label. */
export interface PageName {
  (): string;
  /** Names the page until it is named anew; `undefined` returns to the address. */
  set(name: unknown): void;
}

/**
 * Names the page by its path, as a template. Reading `location.pathname` costs more than the rest of an event; where the
 * Navigation API announces every change of the address, it is read once a change.
 */
export function createPageName(environment: Environment): PageName {
  const { navigation } = environment as { navigation?: EventTarget };
  let own: string | undefined;
  let path: string | undefined;
  let name = '/';
  let changed = true;
  const read = () => {
    changed = !navigation;
    const { pathname } = environment.location;
    if (pathname !== path) name = endpointTemplate(pathname);
    path = pathname;
  };
  navigation?.addEventListener('currententrychange', () => {
    changed = true;
  });
  return Object.assign(
    () => {
      if (own) return own;
      if (changed) read();
      return name;
    },
    {
      set(next: unknown) {
        own = next == null ? undefined : attempt(() => truncate(String(next), limits.labelValueLength));
      },
    },
  );
}
