import { readLine } from '../readLine';
import type { LineIdentity } from '../store/lineKey';
import type { KeptLine, LineStore } from '../store/lineStore';
import type { Position } from '../store/tables';
import type { SplitLine } from './splitLines';

/** What is known of lines before they are read. */
export interface Source {
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Unix time in ns, for lines that tell none. */
  readonly now: bigint;
}

/** Reads lines and keeps them, with the place behind them, in one commit. */
export async function keepLines(
  store: Pick<LineStore, 'commit'>,
  lines: readonly (SplitLine & LineIdentity)[],
  { labels, metadata, now }: Source,
  position?: Position,
): Promise<void> {
  const kept: KeptLine[] = [];
  const dropped: Record<string, number> = {};
  for (const { text, isCut, identity, order = 0 } of lines) {
    const read = readLine(text, { labels, now });
    if (read.kind === 'dropped') dropped[read.reason] = (dropped[read.reason] ?? 0) + 1;
    else {
      const beside = { ...read.entry.metadata, ...metadata, ...(isCut ? { truncated: 'true' } : {}) };
      kept.push({ entry: { ...read.entry, metadata: beside }, identity, order });
    }
  }
  await store.commit({ lines: kept, dropped, ...(position ? { position } : {}) });
}
