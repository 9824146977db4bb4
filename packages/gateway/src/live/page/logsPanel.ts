import type { LogLine } from '../wire';
import { createKeyedList, make, type Row, setText } from './element';
import { plural, timeOfDay } from './format';

const levels: readonly string[] = ['debug', 'info', 'warn', 'error'];

export interface LogsPanelParts {
  readonly list: HTMLElement;
  readonly note: HTMLElement;
  readonly level: HTMLSelectElement;
  readonly text: HTMLInputElement;
  readonly pause: HTMLButtonElement;
}

export interface LogsPanel {
  show(lines: readonly LogLine[], skipped: number): void;
  /** Forgets that it was paused: what was held is of another tenant. */
  reset(): void;
}

function createRow(line: LogLine): Row<LogLine> {
  const { at, level, category, message, fields, tenant } = line;
  const extra = [...(tenant === undefined ? [] : [['tenant', tenant] as const]), ...fields];
  const element = make(
    'li',
    { class: 'log', data: { level, testid: 'log-line' } },
    make('time', { text: timeOfDay(at), attributes: { datetime: new Date(at).toISOString() } }),
    make('span', { class: 'log-level', text: level }),
    make(
      'p',
      { class: 'log-text' },
      make('span', { class: 'log-message', text: message }),
      ...(category === undefined ? [] : [make('span', { class: 'log-category', text: category })]),
      ...extra.map(([name, value]) =>
        make('span', { class: 'log-field' }, make('i', { text: `${name}=` }), document.createTextNode(value)),
      ),
    ),
  );
  return { element, update() {} };
}

function matches({ message, category = '', fields, tenant = '' }: LogLine, wanted: string): boolean {
  if (wanted === '') return true;
  const texts = [message, category, tenant, ...fields.map(([name, value]) => `${name}=${value}`)];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** The latest log lines, the newest first, by level and text; it can be held still. */
export function createLogsPanel({ list, note, level, text, pause }: LogsPanelParts): LogsPanel {
  const rows = createKeyedList<LogLine>(list, ({ id }) => id, createRow);
  const empty = make('li', { class: 'quiet' });
  let current: readonly LogLine[] = [];
  let held: readonly LogLine[] | undefined;
  let passedOver = 0;

  // What scrolls has to be reached by keyboard; not every browser sees to that by itself.
  list.tabIndex = 0;

  const render = (): void => {
    const least = levels.indexOf(level.value);
    const wanted = text.value.trim().toLowerCase();
    const shown = held ?? current;
    const chosen = shown.filter((line) => levels.indexOf(line.level) >= least && matches(line, wanted));
    empty.remove();
    rows.show([...chosen].reverse());
    if (chosen.length === 0) {
      empty.textContent =
        shown.length === 0
          ? 'No lines yet. What the app logs, and its business events, run through here.'
          : 'No line is of this level and has this text.';
      list.append(empty);
    }
    const newest = held?.at(-1)?.id ?? 0;
    const waiting = held === undefined ? 0 : current.filter(({ id }) => id > newest).length;
    setText(pause, held === undefined ? 'Pause' : waiting > 0 ? `Resume · ${waiting} new` : 'Resume');
    pause.setAttribute('aria-pressed', String(held !== undefined));
    const parts = [
      ...(shown.length === 0 ? [] : [plural(chosen.length, 'line')]),
      ...(passedOver > 0 ? [`${passedOver} came too fast to show`] : []),
    ];
    setText(note, parts.join(' · '));
  };

  level.addEventListener('change', render);
  text.addEventListener('input', render);
  pause.addEventListener('click', () => {
    held = held === undefined ? current : undefined;
    render();
  });

  return {
    show(lines, skipped) {
      current = lines;
      passedOver = skipped;
      render();
    },
    reset() {
      held = undefined;
      current = [];
      passedOver = 0;
    },
  };
}
