import { type EntryFields, entryFields } from './entryFields';
import type { LogEntry } from './logEntry';
import type { Query } from './query';

/** What of Go's numbers a line has: decimal, without a sign for infinity or a form for machines. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether lines of a stream with these labels can be asked for. */
export function matchLabels(query: Query, labels: Readonly<Record<string, string>>): boolean {
  return query.labels.every(({ name, values }) => values.includes(labels[name] ?? ''));
}

/** A line that answers a query, as the template shows it. */
export interface Answer {
  readonly entry: LogEntry;
  readonly text: string;
}

function show(query: Query, read: EntryFields, line: string): string {
  const shown = (word: string): string => {
    if (word === '__line__') return line;
    const name = word.slice(1);
    return query.whole.includes(name) ? read.whole(name) : read.get(name);
  };
  return query.template.replace(/\{\{(?:or )?([^{}]+)\}\}/g, (_, words: string) => {
    const values = words.trim().split(/\s+/).map(shown);
    return values.find((value) => value !== '') ?? '';
  });
}

/** The answer that an entry is to a query, if it is one. Its stream is taken to match already (`matchLabels`). */
export function matchQuery(query: Query, entry: LogEntry): Answer | undefined {
  if (!query.contains.every((text) => entry.line.includes(text))) return undefined;
  const read = entryFields(entry);
  const isMet = query.fields.every((condition) => {
    const value = read.get(condition.name);
    if ('values' in condition) return condition.values.includes(value);
    return read.isJson && NUMBER.test(value) && Number(value) > condition.above;
  });
  return isMet ? { entry, text: show(query, read, entry.line).trimEnd() } : undefined;
}
