import type { RankedEndpoint } from '../wire';
import { createKeyedList, make, type Row, setText } from './element';
import { count, duration, percent } from './format';

function createRow({ name }: RankedEndpoint): Row<RankedEndpoint> {
  const [method = '', path = ''] = name.split(' ');
  const title = make(
    'th',
    { attributes: { scope: 'row' } },
    make('span', { class: 'method', text: path === '' ? '' : method }),
    make('span', { class: 'path', text: path || method }),
  );
  const cells = ['calls', 'p50', 'p95', 'failed'].map((column) => make('td', { data: { column } }));
  const element = make('tr', {}, title, ...cells);
  return {
    element,
    update({ count: calls, p50, p95, failed }) {
      const texts = [count(calls), duration(p50), duration(p95), failed === 0 ? '0' : percent(failed, calls)];
      for (const [index, cell] of cells.entries()) setText(cell, texts[index] ?? '');
      cells[3]?.toggleAttribute('data-bad', failed > 0);
    },
  };
}

/** A table of the endpoints that pages call, with how long they take and how often they fail. */
export function createEndpointsPanel(parent: HTMLElement): (endpoints: readonly RankedEndpoint[]) => void {
  const heads = ['Endpoint', 'Calls', 'p50', 'p95', 'Failed'];
  const body = make('tbody');
  const table = make(
    'table',
    { class: 'endpoints' },
    make(
      'thead',
      {},
      make('tr', {}, ...heads.map((text) => make('th', { text, attributes: { scope: 'col' } }))),
    ),
    body,
  );
  const empty = make('p', {
    class: 'quiet',
    text: 'No calls yet. Each request that the app makes is timed in the page.',
  });
  parent.append(table, empty);
  const rows = createKeyedList<RankedEndpoint>(body, ({ name }) => name, createRow);
  return (endpoints) => {
    rows.show(endpoints);
    table.hidden = endpoints.length === 0;
    empty.hidden = endpoints.length > 0;
  };
}
