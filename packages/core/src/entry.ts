import { type Batch, utf8Length } from '@artel/telemetry-protocol';
import type { Priority } from './window';

/**
 * One batch as it lies on the device. Its identity, producer and seq, is given with the window's first event, so
 * that the journal of an open window and the sealed batch are one record under one key: whichever state of it a
 * later page finds, the gateway's ledger counts it once.
 */
export interface Entry {
  readonly producer: string;
  readonly seq: number;
  /** JSON of the batch, without what each attempt adds: `sentAt`, `key`, `token`. */
  readonly body: string;
  readonly bytes: number;
  readonly events: number;
  readonly priority: Priority;
  /** Unix time in ms at which the window was opened. */
  readonly at: number;
  /** The pseudonym under which it was made. */
  readonly user?: string;
  /** The drops that it reports, to be reported again should it be dropped itself. */
  readonly drops?: Readonly<Record<string, number>>;
}

export type EntryFacts = Pick<Entry, 'events' | 'priority' | 'at' | 'user' | 'drops'>;

/** Key of an entry in the store. */
export function entryKey(entry: Pick<Entry, 'producer' | 'seq'>): string {
  return `${entry.producer}.${entry.seq}`;
}

/** Makes an entry of a batch that bears its identity. */
export function makeEntry(
  batch: Batch & { readonly producer: string; readonly seq: number },
  facts: EntryFacts,
): Entry {
  const body = JSON.stringify(batch);
  return { ...facts, producer: batch.producer, seq: batch.seq, body, bytes: utf8Length(body) };
}

/** Tells whether what was read from storage, where anybody may have written, is an entry. */
export function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { producer, seq, body, bytes, events, at } = value as Partial<Record<keyof Entry, unknown>>;
  return (
    typeof producer === 'string' &&
    typeof seq === 'number' &&
    typeof body === 'string' &&
    body[0] === '{' &&
    typeof bytes === 'number' &&
    typeof events === 'number' &&
    typeof at === 'number'
  );
}
