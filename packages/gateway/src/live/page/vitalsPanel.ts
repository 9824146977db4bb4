import { type VitalName, type VitalSummary, vitalNames, vitals } from '../wire';
import { make, setText } from './element';
import { duration, percent, plural } from './format';

type Rating = 'good' | 'fair' | 'poor';
const ratingNames: Readonly<Record<Rating, string>> = {
  good: 'Good',
  fair: 'Needs improvement',
  poor: 'Poor',
};
const ratings: readonly Rating[] = ['good', 'fair', 'poor'];

function shown(name: VitalName, value: number | null): string {
  if (value === null) return '–';
  return vitals[name].unit === 'ms' ? duration(value) : String(Number(value.toFixed(3)));
}

/** A bound in the unit that suits the upper of the two, so that they can be read together. */
function boundary(name: VitalName, value: number, unit?: ''): string {
  const { unit: own, poor } = vitals[name];
  const isSeconds = own === 'ms' && poor >= 1_000;
  return `${isSeconds ? value / 1_000 : value} ${unit ?? (isSeconds ? 's' : own)}`.trim();
}

/** https://web.dev/articles/vitals: judged by the value that three of four visits do not exceed. */
function ratingOf(name: VitalName, p75: number | null): Rating | undefined {
  if (p75 === null) return undefined;
  const { good, poor } = vitals[name];
  return p75 <= good ? 'good' : p75 <= poor ? 'fair' : 'poor';
}

function createVital(name: VitalName) {
  const { label, name: longName, good, poor } = vitals[name];
  const value = make('p', { class: 'vital-value' });
  const rating = make('p', { class: 'vital-rating' });
  const bars = ratings.map((one) => make('span', { class: 'vital-share', data: { rating: one } }));
  const bar = make('div', { class: 'vital-bar', attributes: { role: 'img' } }, ...bars);
  const note = make('p');
  const bounds = `good ≤ ${boundary(name, good, '')} · poor > ${boundary(name, poor)}`;
  const element = make(
    'li',
    { class: 'vital card', data: { testid: `vital-${label.toLowerCase()}` } },
    make(
      'h3',
      {},
      make('abbr', { text: label, attributes: { title: longName } }),
      make('span', { class: 'unseen', text: `, ${longName}` }),
    ),
    value,
    rating,
    bar,
    make('div', { class: 'vital-foot' }, note, make('p', { text: bounds })),
  );
  return (summary: VitalSummary): HTMLElement => {
    const judged = ratingOf(name, summary.p75);
    element.dataset['rating'] = judged ?? 'none';
    setText(value, shown(name, summary.p75));
    setText(rating, judged === undefined ? 'No visits yet' : ratingNames[judged]);
    for (const [index, one] of ratings.entries())
      bars[index]?.style.setProperty('flex-grow', String(summary[one]));
    const shares = ratings.map((one) => `${ratingNames[one]}: ${percent(summary[one], summary.count)}`);
    bar.setAttribute('aria-label', summary.count === 0 ? 'No visits yet' : shares.join(', '));
    setText(
      note,
      summary.count === 0
        ? ''
        : `${percent(summary.good, summary.count)} good · ${plural(summary.count, 'visit')}`,
    );
    return element;
  };
}

/** A card for each web vital. `parent` is a list. */
export function createVitalsPanel(
  parent: HTMLElement,
): (summaries: Readonly<Record<VitalName, VitalSummary>>) => void {
  const cards = vitalNames.map((name) => [name, createVital(name)] as const);
  return (summaries) => {
    for (const [name, update] of cards) {
      const element = update(summaries[name]);
      if (!element.isConnected) parent.append(element);
    }
  };
}
