import type { Delivery, OutputLag } from '../wire';
import { createBars } from './bars';
import { createKeyedList, make, type Row, setText } from './element';
import { count, lag, plural } from './format';

function createOutput({ name }: OutputLag): Row<OutputLag> {
  const state = make('span', { class: 'output-state' });
  const note = make('span', { class: 'output-note' });
  const element = make(
    'li',
    { class: 'output' },
    make('span', { class: 'output-name', text: name }),
    state,
    note,
  );
  return {
    element,
    update({ seconds, records, failure }) {
      element.dataset['state'] = failure === undefined ? 'well' : 'failing';
      setText(
        state,
        failure === undefined ? (seconds === 0 ? 'up to date' : `${lag(seconds)} behind`) : 'failing',
      );
      const waiting = records === undefined || records === 0 ? '' : `${plural(records, 'record')} waiting`;
      setText(note, [failure, waiting].filter((part) => part !== undefined && part !== '').join(' · '));
    },
  };
}

/** What became of what players sent: counted, refused, given up, and handed on. */
export function createDeliveryPanel(parent: HTMLElement): (delivery: Delivery) => void {
  const facts = ['Items accepted', 'Items rejected', 'Batches', 'Duplicate batches'].map((name) => {
    const value = make('dd');
    return { value, element: make('div', { data: { fact: name } }, make('dt', { text: name }), value) };
  });
  const dropped = createBars(
    'Given up by clients',
    'danger',
    'Nothing: every event of every client was delivered, or still may be.',
  );
  const outputs = make('ul', { class: 'outputs' });
  const noOutputs = make('p', { class: 'quiet' });
  const queue = make('p', { class: 'hint' });
  const rows = createKeyedList<OutputLag>(outputs, ({ name }) => name, createOutput);
  parent.append(
    make('dl', { class: 'facts' }, ...facts.map(({ element }) => element)),
    dropped.element,
    make('section', {}, make('h3', { text: 'Handed on' }), outputs, noOutputs, queue),
  );
  return (delivery) => {
    const { accepted, rejected, batches, duplicates } = delivery;
    for (const [index, value] of [accepted, rejected, batches, duplicates].entries()) {
      const fact = facts[index];
      if (fact) setText(fact.value, count(value));
    }
    facts[1]?.element.toggleAttribute('data-bad', rejected > 0);
    dropped.show(delivery.dropped);
    rows.show(delivery.outputs);
    noOutputs.hidden = delivery.outputs.length > 0;
    setText(
      noOutputs,
      'No output is configured. Prometheus reads /metrics; logs and spans wait in the queue.',
    );
    const { queue: waiting } = delivery;
    queue.hidden = waiting === undefined;
    if (waiting) setText(queue, `Queue: ${count(waiting.records)} of ${count(waiting.limit)} records`);
  };
}
