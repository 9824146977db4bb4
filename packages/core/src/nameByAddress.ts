import { endpointTemplate } from '@artel/telemetry-protocol';
import type { Environment } from './environment';

/**
 * Names the page by the path of its address, as a template. Reading `location.pathname` costs more than all else that
 * an event does; where the Navigation API tells of every change of the address, it is read once a change.
 */
export function nameByAddress(window: Environment['window']): () => string {
  let path: string | undefined;
  let name = '/';
  let changed = true;
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', () => {
    changed = true;
  });
  return () => {
    if (changed) {
      changed = navigation === undefined;
      const current = window.location.pathname;
      if (current !== path) {
        path = current;
        name = endpointTemplate(current);
      }
    }
    return name;
  };
}
