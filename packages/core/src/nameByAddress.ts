import { endpointTemplate } from '@artel/telemetry-protocol';
import type { Environment } from './environment';

/**
 * Names the page by the path of its address, as a template. Reading `location.pathname` costs more than all else that
 * an event does; where the Navigation API tells of every change of the address, it is read once a change.
 */
export function nameByAddress(environment: Environment): () => string {
  const { navigation } = environment as { navigation?: EventTarget };
  let path: string | undefined;
  let name = '/';
  let changed = true;
  navigation?.addEventListener('currententrychange', () => {
    changed = true;
  });
  return () => {
    if (changed) {
      changed = !navigation;
      const { pathname } = environment.location;
      if (pathname !== path) name = endpointTemplate(pathname);
      path = pathname;
    }
    return name;
  };
}
