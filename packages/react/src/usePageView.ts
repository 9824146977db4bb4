import type { Telemetry } from '@artel/telemetry-core';
import { useEffect, useRef } from 'react';
import { useTelemetry } from './useTelemetry';

/** Who named the page last: a page that leaves late must not take the next one's name with it. */
const owners = new WeakMap<Telemetry, object>();

/**
 * Names the page for the `page` label of what follows, and counts `user_action_total{action="page_view"}` once for each
 * mount and each change of the name, or of `visit`, which tells two pages of one name apart: `/game/1` and `/game/2` of
 * `/game/:id`. Without a name, as while it is not known yet, nothing is done.
 */
export function usePageView(name: string | undefined, visit?: string): void {
  const client = useTelemetry();
  // Survives StrictMode's second run of the effect, not a new mount.
  const counted = useRef<string>(undefined);
  useEffect(() => {
    if (name === undefined) return;
    const owner = {};
    owners.set(client, owner);
    client.setPage(name);
    const view = `${name} ${visit}`;
    if (counted.current !== view) {
      counted.current = view;
      client.trackUserAction('page_view');
    }
    return () => {
      if (owners.get(client) === owner) client.setPage(undefined);
    };
  }, [client, name, visit]);
}
