import { type Batch, utf8Length } from '@artel/telemetry-protocol';
import type { Priority } from './window';

/** Whose a batch is and which of theirs; the gateway's ledger counts each pair once. */
export interface Identity {
  readonly producer: string;
  readonly seq: number;
}

/** What the outbox has to know of a batch without reading it. */
export interface EntryFacts {
  readonly events: number;
  readonly priority: Priority;
  /** Unix time in ms at which the window was opened. */
  readonly at: number;
  /** The pseudonym under which it was made. */
  readonly user: string | undefined;
  /** The drops that it reports, to be reported again should it be dropped itself. */
  readonly drops: Readonly<Record<string, number>> | undefined;
}

/**
 * One batch as it lies on the device. Its identity, producer and seq, is given with the window's first event, so
 * that the journal of an open window and the sealed batch are one record under one key: whichever state of it a
 * later page finds, the gateway's ledger counts it once.
 */
export interface Entry extends Identity, EntryFacts {
  /** JSON of the batch, without what each attempt adds: `sentAt`, `key`, `token`. */
  readonly body: string;
  readonly bytes: number;
}

/** Key of an entry in the store. */
export function entryKey({ producer, seq }: Identity): string {
  return `${producer}.${seq}`;
}

/** Makes an entry of a batch. */
export function makeEntry(
  { producer, seq }: Identity,
  facts: EntryFacts,
  batch: Omit<Batch, 'user' | 'dropped'>,
): Entry {
  const body = JSON.stringify({ ...batch, producer, seq, user: facts.user, dropped: facts.drops });
  return { ...facts, producer, seq, body, bytes: utf8Length(body) };
}

/** Tells whether what was read from storage, where anybody may have written, is an entry. */
export function isEntry(value: unknown): value is Entry {
  const { producer, seq, body, bytes, events, at } = Object(value) as Partial<Record<keyof Entry, unknown>>;
  return (
    typeof producer === 'string' &&
    typeof body === 'string' &&
    body[0] === '{' &&
    [seq, bytes, events, at].every(Number.isFinite)
  );
}
