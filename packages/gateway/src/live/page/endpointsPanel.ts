import type { RankedEndpoint } from '../wire';
import { createKeyedList, make, type Row, setText } from './element';
import { count, duration, percent } from './format';

interface Shown extends RankedEndpoint {
  /** The last bucket's bound. */
  readonly most: number;
}

function createRow({ name }: Shown): Row<Shown> {
  const [method = '', path = ''] = name.split(' ');
  const title = make(
    'th',
    { attributes: { scope: 'row', role: 'rowheader' } },
    make('span', { class: 'method', text: path === '' ? '' : method }),
    document.createTextNode(' '),
    make('span', { class: 'path', text: path || method }),
  );
  const cells = ['calls', 'p50', 'p95', 'failed'].map((column) =>
    make('td', { data: { column }, attributes: { role: 'cell' } }),
  );
  const element = make('tr', { attributes: { role: 'row' } }, title, ...cells);
  return {
    element,
    update({ count: calls, p50, p95, failed, most }) {
      const texts = [
        count(calls),
        duration(p50, most),
        duration(p95, most),
        failed === 0 ? '0' : percent(failed, calls),
      ];
      for (const [index, cell] of cells.entries()) setText(cell, texts[index] ?? '');
      cells[3]?.toggleAttribute('data-bad', failed > 0);
    },
  };
}

/**
 * A table of the endpoints that pages call, with how long they take and how often they fail. Its roles are said,
 * although the elements have them: laid out as blocks on a phone, they would lose them.
 */
export function createEndpointsPanel(
  parent: HTMLElement,
): (endpoints: readonly RankedEndpoint[], most: number) => void {
  const heads = ['Endpoint', 'Calls', 'p50', 'p95', 'Failed'];
  const body = make('tbody', { attributes: { role: 'rowgroup' } });
  const table = make(
    'table',
    { class: 'endpoints', attributes: { role: 'table' } },
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
  const rows = createKeyedList<Shown>(body, ({ name }) => name, createRow);
  return (endpoints, most) => {
    rows.show(endpoints.map((endpoint) => ({ ...endpoint, most })));
    table.hidden = endpoints.length === 0;
    empty.hidden = endpoints.length > 0;
  };
}
