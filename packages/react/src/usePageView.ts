import type { Telemetry } from '@artel/telemetry-core';
import { useEffect, useRef } from 'react';
import { useTelemetry } from './TelemetryProvider';

/** Who named the page last: a page that leaves late must not remove the name of the next one. */
const owners = new WeakMap<Telemetry, object>();

/**
 * Sets the `page` label of later events, and counts `user_action_total{action="page_view"}` each time the component is
 * mounted, shown again by `<Activity>`, or given another `name` or `visit`. `visit` distinguishes pages of one name, such
 * as `/game/1` and `/game/2` of `/game/:id`. While `name` is `undefined`, nothing happens.
 */
export function usePageView(name: string | undefined, visit?: string): void {
  const client = useTelemetry();
  const state = useRef<{ counted?: string | undefined; left?: boolean }>({}).current;
  // Both StrictMode and `<Activity>` run the effect again after its cleanup: StrictMode at once, `<Activity>` when it shows the
  // page again, after a render of it or, if it is memoised, in a later task. https://react.dev/reference/react/Activity
  if (state.left) state.counted = undefined;
  useEffect(() => {
    state.left = false;
    if (name === undefined) return;
    const owner = {};
    owners.set(client, owner);
    client.setPage(name);
    const view = `${name} ${visit}`;
    if (state.counted !== view) {
      state.counted = view;
      client.trackUserAction('page_view');
    }
    return () => {
      state.left = true;
      queueMicrotask(() => {
        if (state.left) state.counted = undefined;
      });
      if (owners.get(client) === owner) client.setPage(undefined);
    };
  }, [client, name, visit, state]);
}
