/** What an element is made with; text is always text, never markup. */
export interface Parts {
  readonly class?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The element of that id. Throws where the page has none, or another kind. */
export function byId<T extends Element>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is not in the page as ${kind.name}`);
  return found;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: name, text, data = {}, attributes = {} }: Parts = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name !== undefined) element.className = name;
  if (text !== undefined) element.textContent = text;
  Object.assign(element.dataset, data);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** Writes only what has changed: an untouched node keeps the reader's selection. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export interface KeyedList<T> {
  /** Shows `items` in their order, and keeps the element of each item as long as it is shown. */
  show(items: readonly T[]): void;
}

/** What draws one item of a list. */
export interface Row<T> {
  readonly element: Element;
  update(item: T): void;
}

/** Keeps the children of `parent` in step with a list, by key: focus, selection and what is open stay where they are. */
export function createKeyedList<T>(
  parent: Element,
  keyOf: (item: T) => string | number,
  createRow: (item: T) => Row<T>,
): KeyedList<T> {
  const rows = new Map<string | number, Row<T>>();
  return {
    show(items) {
      const keys = new Set(items.map(keyOf));
      for (const [key, { element }] of rows) {
        if (keys.has(key)) continue;
        element.remove();
        rows.delete(key);
      }
      let next = parent.firstElementChild;
      for (const item of items) {
        const key = keyOf(item);
        const row = rows.get(key) ?? createRow(item);
        rows.set(key, row);
        row.update(item);
        if (row.element === next) next = next.nextElementSibling;
        else parent.insertBefore(row.element, next);
      }
    },
  };
}
