import type { Catalogue } from '@artel/telemetry-protocol';
import type { Series } from '../series';
import { shownQuantile } from './histogramRing';
import { createRanking, type Ranking } from './ranking';
import type { Ranked, RankedEndpoint } from './wire';

/** What players do most, and which endpoints they call. */
export interface PlayerRankings {
  /** Takes one series of a batch, with the number of events that it stands for. */
  add(series: Series, events: number, second: number): void;
  top(second: number): {
    readonly actions: readonly Ranked[];
    readonly games: readonly Ranked[];
    readonly others: readonly Ranked[];
    readonly endpoints: readonly RankedEndpoint[];
  };
  clear(): void;
}

const ROOM = 50;
const TOP = 8;
const API = 'api_request_duration_ms';

/** What is shown elsewhere, and not among the other metrics. */
const shownElsewhere = new Set([API, 'page_load_duration_ms', 'frontend_error_total']);

export function rankedOf(ranking: Ranking, second: number, most: number): Ranked[] {
  return ranking.top(second, most).map(({ name, sums: [count = 0] }) => ({ name, count }));
}

function label({ labels }: Series, name: string): string {
  return labels.find(([one]) => one === name)?.[1] ?? '';
}

/** A refusal, a server's error, or no answer at all. A call that the app itself has aborted did not fail. */
function isFailed(status: string): boolean {
  return /^(?:0|network|timeout)?$/.test(status) || Number(status) >= 400;
}

export function createPlayerRankings(catalogue: Catalogue): PlayerRankings {
  const bounds = catalogue.get(API)?.buckets ?? [];
  const actions = createRanking({ columns: 1, room: ROOM });
  const games = createRanking({ columns: 1, room: ROOM });
  const others = createRanking({ columns: 1, room: ROOM });
  const endpoints = createRanking({ columns: 2 + bounds.length + 1, room: ROOM });
  const nameless = (name: string): string => name || '(none)';

  return {
    add(series, events, second) {
      if (series.name === 'user_action_total') {
        actions.add(nameless(label(series, 'action')), second, [events]);
      } else if (series.name === 'game_event_total') {
        const parts = [nameless(label(series, 'event_type')), label(series, 'game_type')];
        games.add(parts.filter((part) => part !== '').join(' · '), second, [events]);
      } else if (series.name === API && series.kind === 'histogram') {
        const name = nameless(`${label(series, 'method')} ${label(series, 'endpoint')}`.trim());
        const failed = isFailed(label(series, 'status_code')) ? events : 0;
        const counts = series.counts.length === bounds.length + 1 ? series.counts : [];
        endpoints.add(name, second, [events, failed, ...counts]);
      } else if (!shownElsewhere.has(series.name)) {
        others.add(series.name, second, [events]);
      }
    },
    top: (second) => ({
      actions: rankedOf(actions, second, TOP),
      games: rankedOf(games, second, TOP),
      others: rankedOf(others, second, TOP),
      endpoints: endpoints.top(second, TOP).map(({ name, sums: [count = 0, failed = 0, ...counts] }) => ({
        name,
        count,
        failed,
        p50: shownQuantile(bounds, counts, 0.5),
        p95: shownQuantile(bounds, counts, 0.95),
      })),
    }),
    clear() {
      for (const ranking of [actions, games, others, endpoints]) ranking.clear();
    },
  };
}
