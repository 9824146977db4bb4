import { lines } from '../wire';
import { make, setText } from './element';
import { count, duration, percent, plural, rate } from './format';
import type { Model } from './model';

type Mood = 'calm' | 'warn' | 'bad';

interface Tile {
  readonly value: string;
  readonly note: string;
  readonly mood?: Mood;
}

/** The seconds that the number of events per second is the mean of: two sendings of every page. */
const RATE_SECONDS = 10;

function eventRate(model: Model): number {
  const { series } = model.rates(lines, RATE_SECONDS);
  return series.reduce(
    (sum, values) =>
      sum + values.reduce<number>((all, value) => all + (value ?? 0), 0) / (values.length || 1),
    0,
  );
}

function describe(model: Model): Readonly<Record<string, Tile>> {
  const latest = model.latest();
  if (!latest) return {};
  const { active, timings, delivery } = latest;
  const { api, loads } = timings;
  const errors = model.total('errors');
  const events = lines.reduce((sum, line) => sum + model.total(line), 0);
  const failing = delivery.outputs.find(({ failure }) => failure !== undefined);
  const given = delivery.dropped.reduce((sum, { count: one }) => sum + one, 0);
  const troubles = [
    ...(delivery.rejected > 0 ? [`${count(delivery.rejected)} rejected`] : []),
    ...(given > 0 ? [`${count(given)} given up`] : []),
    ...(failing ? [`${failing.name} fails`] : []),
  ];
  return {
    'Active pages': { value: count(active), note: 'in the last minute' },
    'Events per second': { value: rate(eventRate(model)), note: `${count(events)} in 5 min` },
    'API p95': {
      value: duration(api.p95, api.most),
      note:
        api.count === 0
          ? 'no calls yet'
          : `p50 ${duration(api.p50, api.most)} · ${plural(api.count, 'call')}`,
    },
    'Page load p95': {
      value: duration(loads.p95, loads.most),
      note:
        loads.count === 0
          ? 'no loads yet'
          : `p50 ${duration(loads.p50, loads.most)} · ${plural(loads.count, 'load')}`,
    },
    Errors: {
      value: count(errors),
      note: events === 0 ? 'in 5 min' : `in 5 min · ${percent(errors, events)} of all`,
      mood: errors > 0 ? 'bad' : 'calm',
    },
    Accepted: {
      value: count(delivery.accepted),
      note:
        troubles.length > 0
          ? troubles.join(' · ')
          : `in 5 min · ${plural(delivery.batches, 'batch', 'batches')}`,
      mood: troubles.length > 0 ? 'warn' : 'calm',
    },
  };
}

/** The few numbers that say whether all is well. `parent` is a `dl`. */
export function createTiles(parent: HTMLElement): (model: Model) => void {
  const made = new Map<
    string,
    { readonly tile: HTMLElement; readonly value: HTMLElement; readonly note: HTMLElement }
  >();
  const add = (name: string) => {
    const value = make('dd', { class: 'tile-value' });
    const note = make('dd', { class: 'tile-note' });
    const tile = make(
      'div',
      { class: 'tile card', data: { testid: `tile-${name.toLowerCase().replace(/\W+/g, '-')}` } },
      make('dt', { text: name }),
      value,
      note,
    );
    parent.append(tile);
    const parts = { tile, value, note };
    made.set(name, parts);
    return parts;
  };
  return (model) => {
    for (const [name, { value, note, mood = 'calm' }] of Object.entries(describe(model))) {
      const parts = made.get(name) ?? add(name);
      setText(parts.value, value);
      setText(parts.note, note);
      parts.tile.dataset['mood'] = mood;
    }
  };
}
