import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { sources } from './sources';

const ALL = { selected: true, text: ['All'], value: ['$__all'] };

interface LabelVariable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly query: string;
  /** What All stands for: `.+` where every series has the label, `.*` where some have not. */
  readonly all: '.+' | '.*';
}

function labelVariable({ name, label, description, query, all }: LabelVariable): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(sources.prometheus)
    .query({ qryType: 1, query, refId: `variable-${name}` })
    .definition(query)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current(ALL)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

/** Where things run. */
export const environment = labelVariable({
  name: 'environment',
  label: 'Environment',
  description: 'Where it runs: development, staging, production.',
  query: 'label_values(up, environment)',
  all: '.+',
});

const service = (selector: string): Builder<VariableModel> =>
  labelVariable({
    name: 'service',
    label: 'Service',
    description: 'Services as Prometheus knows its targets.',
    query: `label_values(${selector}, service)`,
    all: '.+',
  });

/** Services of ours, the gateway among them. */
export const ownService = service('up{job=~"artel-.+",environment=~"$environment"}');

/** Services that answer HTTP requests with the toolkit's metrics. */
export const httpService = service('http_requests_total{environment=~"$environment"}');

/** Apps, which are tenants of the gateway; there are none where it has no tenants, and All takes what has none. */
export const app = labelVariable({
  name: 'app',
  label: 'App',
  description: 'Tenants of the gateway. Empty where none is configured; All covers that too.',
  query: 'label_values(user_action_total{environment=~"$environment"}, app)',
  all: '.*',
});

/** Telegram's clients. */
export const platform = labelVariable({
  name: 'platform',
  label: 'Platform',
  description: "Telegram's client, as it calls itself: android, ios, tdesktop, weba, …",
  query: 'label_values(web_vital_lcp_ms_count{app=~"$app"}, platform)',
  all: '.*',
});

/** Pages of an app. */
export const page = labelVariable({
  name: 'page',
  label: 'Page',
  description: 'Pages of the app, by the name that it gives them.',
  query: 'label_values(page_load_duration_ms_count{app=~"$app"}, page)',
  all: '.*',
});

/** Games that sessions are made for. */
export const gameType = labelVariable({
  name: 'game_type',
  label: 'Game',
  description: 'Types of games.',
  query: 'label_values(active_game_sessions_total, game_type)',
  all: '.*',
});

/** Hours to add to UTC, for panels that speak of the hour of the day. */
export const utcOffset = new CustomVariableBuilder('utc_offset')
  .label('Hours from UTC')
  .description(
    'Prometheus reckons in UTC; this many hours are added where a panel speaks of the hour of the day.',
  )
  .values(Array.from({ length: 27 }, (_, index) => String(index - 12)).join(','))
  .current({ selected: true, text: '3', value: '3' });
