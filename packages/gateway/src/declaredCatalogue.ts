import { type Catalogue, createCatalogue, type MetricDefinition } from '@artel/telemetry-protocol';
import type { DeclaredMetrics } from './metricsSchema';
import { unknownFamily } from './resolveMetric';
import type { Tenant } from './tenants';

const MAX_SERIES = 1_000;

/** What the client counts on its own among the actions. */
const OWN_ACTIONS = ['page_view'];

type Labels = NonNullable<DeclaredMetrics['counters']>[string]['labels'];
type Metric = Pick<MetricDefinition, 'name' | 'kind' | 'help' | 'buckets'>;

function definitionOf(metric: Metric, rules: Labels = {}): MetricDefinition {
  const lists = Object.entries(rules).flatMap(([label, rule]) =>
    rule === 'string' ? [] : [[label, rule] as const],
  );
  return { ...metric, labels: Object.keys(rules), values: Object.fromEntries(lists), maxSeries: MAX_SERIES };
}

/** A metric of the common catalogue, of which an app has declared the values of some labels. */
function narrowed(common: Catalogue, name: string, values: MetricDefinition['values']): MetricDefinition[] {
  const definition = common.get(name);
  return definition && values ? [{ ...definition, values }] : [];
}

/** The catalogue of an app: the common one, and what the app has declared. */
function declaredCatalogue(
  common: Catalogue,
  { actions, gameEvents, counters = {}, histograms = {} }: DeclaredMetrics,
): Catalogue {
  const own = [
    ...narrowed(
      common,
      'user_action_total',
      actions && { action: [...OWN_ACTIONS, ...Object.keys(actions)] },
    ),
    ...narrowed(
      common,
      'game_event_total',
      gameEvents && { event_type: gameEvents.eventTypes, game_type: gameEvents.gameTypes },
    ),
    ...Object.entries(counters).map(([name, { help, labels }]) =>
      definitionOf({ name, kind: 'counter', help }, labels),
    ),
    ...Object.entries(histograms).map(([name, { help, labels, buckets }]) =>
      definitionOf(
        // The name tells the unit, and the unit the buckets, as for a metric that nobody has declared.
        { name, kind: 'histogram', help, buckets: buckets ?? unknownFamily(name, 'histogram').buckets },
        labels,
      ),
    ),
  ];
  const names = new Set(own.map(({ name }) => name));
  return createCatalogue([...[...common.values()].filter(({ name }) => !names.has(name)), ...own]);
}

/**
 * The catalogues of tenants, by id. A tenant's stays what it was when it was first asked for, since its series in
 * memory have the buckets of it.
 */
export function createCatalogues(
  common: Catalogue,
  tenantOf: (id: string) => Pick<Tenant, 'metrics'> | undefined,
): (tenant: string) => Catalogue {
  const made = new Map<string, Catalogue>();
  return (id) => {
    let catalogue = made.get(id);
    if (!catalogue) {
      const metrics = tenantOf(id)?.metrics;
      catalogue = metrics ? declaredCatalogue(common, metrics) : common;
      made.set(id, catalogue);
    }
    return catalogue;
  };
}
