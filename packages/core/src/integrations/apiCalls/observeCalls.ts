import { attempt, type Environment } from '../../page/environment';
import { type Observer, registryOf } from '../../page/registry';
import { watchCalls } from './watchCalls';

/** Reports the page's API calls to `observer`, once to all with the same id. Returns how to stop. */
export function observeCalls(environment: Environment, observer: Observer): () => void {
  const registry = registryOf(environment);
  const { own, observers } = registry;
  observers.add(observer);
  registry.unpatch ??= watchCalls({
    environment,
    isOwn: (href) => [...own].some((url) => href.startsWith(url) && '/?#'.includes(href[url.length] ?? '/')),
    onCall(call) {
      const reported = new Set<string>();
      for (const { id, report } of observers) {
        if (!reported.has(id) && attempt(() => report(call))) reported.add(id);
      }
    },
  });
  return () => {
    if (!observers.delete(observer) || observers.size) return;
    registry.unpatch?.();
    registry.unpatch = undefined;
  };
}
