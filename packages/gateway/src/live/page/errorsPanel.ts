import type { ErrorGroup } from '../wire';
import { createKeyedList, make, type Row, setText } from './element';
import { ago, count, timeOfDay } from './format';

interface Shown {
  readonly group: ErrorGroup;
  readonly now: number;
}

function createRow({ group }: Shown): Row<Shown> {
  const message = make('span', { class: 'error-message' });
  const meta = make('span', { class: 'error-meta' });
  const tally = make('span', { class: 'error-count' });
  const stack = make('pre', { class: 'code', attributes: { tabindex: '0', 'aria-label': 'Stack' } });
  const since = make('p', { class: 'hint' });
  const summary = make(
    'summary',
    {},
    make(
      'span',
      { class: 'error-text' },
      make('span', { class: 'error-type', text: group.type }),
      message,
      meta,
    ),
    tally,
  );
  const details = make(
    'details',
    { class: 'error' },
    summary,
    make('div', { class: 'error-body' }, since, stack),
  );
  const element = make('li', { data: { testid: 'error-group' } }, details);
  let seen = group.count;
  return {
    element,
    update({ group: next, now }) {
      const { message: text, count: times, first, last, page, release, tenant, stack: lines = '' } = next;
      setText(message, text || '(no message)');
      const facts = [ago(last, now), page, release && `release ${release}`, tenant];
      setText(meta, facts.filter((fact) => fact !== undefined && fact !== '').join(' · '));
      setText(tally, `×${count(times)}`);
      tally.setAttribute('aria-label', times === 1 ? 'reported once' : `reported ${count(times)} times`);
      setText(since, `First seen at ${timeOfDay(first)}, last at ${timeOfDay(last)}.`);
      setText(stack, lines === '' ? 'No stack came with these reports.' : lines);
      if (times !== seen) {
        seen = times;
        tally.classList.remove('fresh');
        // Read, so that the removal is drawn and the animation begins anew.
        void tally.offsetWidth;
        tally.classList.add('fresh');
      }
    },
  };
}

/** The error groups, the one seen last first; it holds still while the reader is in it. */
export function createErrorsPanel(
  parent: HTMLElement,
  note: HTMLElement,
): (groups: readonly ErrorGroup[], now: number) => void {
  const empty = make('li', {
    class: 'quiet',
    text: 'No errors. When a player meets one, it stands here with its stack.',
  });
  const list = createKeyedList<Shown>(parent, ({ group }) => group.id, createRow);
  let order: readonly number[] = [];
  return (groups, now) => {
    const isHeld = parent.matches(':hover, :focus-within');
    const place = new Map(order.map((id, at) => [id, at]));
    const sorted = isHeld
      ? [...groups].sort((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length))
      : groups;
    order = sorted.map(({ id }) => id);
    if (groups.length > 0) empty.remove();
    list.show(sorted.map((group) => ({ group, now })));
    if (groups.length === 0 && !empty.isConnected) parent.append(empty);
    setText(
      note,
      groups.length === 0
        ? ''
        : `${groups.length === 1 ? '1 kind' : `${groups.length} kinds`}, the latest first`,
    );
  };
}
