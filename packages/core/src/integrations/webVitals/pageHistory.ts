import { type Environment, listen } from '../../page/environment';

/** A page of the app and when it was opened. */
export interface Visit {
  /** Ms since the time origin, as in entries of the performance timeline. */
  readonly from: number;
  readonly name: string;
}

export interface PageHistory {
  /** The newest first. */
  readonly visits: readonly Visit[];
  /** Compares the page's name with the last one: nothing announces the names that an app gives its pages. */
  note(): void;
  stop(): void;
}

interface PageHistoryDeps {
  readonly environment: Environment;
  readonly page: () => string;
}

/** Visits that are remembered; what is older counts as the oldest of them. */
const REMEMBERED = 50;

/**
 * Remembers which page was open when: browsers report layout shifts and interactions later, when the app may have gone
 * to the next page. Browsers that report them announce changes of the address as well (the Navigation API).
 */
export function createPageHistory({ environment, page }: PageHistoryDeps): PageHistory {
  const { navigation } = environment as { navigation?: EventTarget };
  const visits: Visit[] = [{ from: 0, name: page() }];
  /** The address has just changed, and the app may not have named the page yet. */
  let moved = false;

  const add = (from: number) => {
    visits.unshift({ from, name: page() });
    visits.splice(REMEMBERED);
  };
  const note = (at: number) => {
    const [last] = visits;
    if (last && last.name !== page()) {
      if (moved) visits.shift();
      add(moved ? last.from : at);
    }
    moved = false;
  };
  const onMove = ({ timeStamp }: Event) => {
    add(timeStamp);
    moved = true;
  };

  // An interaction comes before the navigation that it causes.
  const onInput = ({ timeStamp }: Event) => note(timeStamp);
  const stop = listen([
    [environment, 'pointerdown', onInput],
    [environment, 'keydown', onInput],
  ]);
  // Not in the capture phase: the client's own listener, which reads the new address, comes first.
  navigation?.addEventListener('currententrychange', onMove);

  return {
    visits,
    note: () => note(environment.performance.now()),
    stop() {
      stop();
      navigation?.removeEventListener('currententrychange', onMove);
    },
  };
}
