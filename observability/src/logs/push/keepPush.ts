import type { LogEntry } from '../logEntry';
import type { LineStore } from '../store/lineStore';

/**
 * Keeps the entries of a push, all or none. As at Loki, an entry that comes again with the same labels, time, line and
 * metadata is there once: a sender whose answer was lost sends the whole push again.
 */
export async function keepPush(
  store: Pick<LineStore, 'commit'>,
  entries: readonly LogEntry[],
): Promise<void> {
  const lines = entries.map((entry) => ({
    entry,
    identity: JSON.stringify([
      entry.line,
      Object.entries(entry.metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  }));
  await store.commit({ lines });
}
