import type { Ranked } from '../wire';
import { createKeyedList, make, type Row, setText } from './element';
import { count } from './format';

interface Shown extends Ranked {
  readonly share: number;
}

function createRow({ name }: Shown): Row<Shown> {
  const fill = make('span', { class: 'bar-fill' });
  const value = make('span', { class: 'bar-value' });
  const element = make('li', { class: 'bar' }, fill, make('span', { class: 'bar-name', text: name }), value);
  return {
    element,
    update(next) {
      fill.style.width = `${(next.share * 100).toFixed(1)}%`;
      setText(value, count(next.count));
    },
  };
}

/** A titled list of names, each with its number and a bar beside the longest. `colour` is one of the style sheet. */
export function createBars(title: string, colour: string, empty: string) {
  const list = make('ul', { class: 'bars', data: { colour } });
  const note = make('p', { class: 'quiet', text: empty });
  const element = make('section', {}, make('h3', { text: title }), list, note);
  const rows = createKeyedList<Shown>(list, ({ name }) => name, createRow);
  return {
    element,
    show(items: readonly Ranked[]): void {
      const most = Math.max(1, ...items.map((item) => item.count));
      rows.show(items.map((item) => ({ ...item, share: item.count / most })));
      note.hidden = items.length > 0;
      list.hidden = items.length === 0;
    },
  };
}
