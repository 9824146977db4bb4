import { type Batch, utf8Length } from '@artel/telemetry-protocol';
import type { Priority } from '../record/window';

/** Identifies a batch: the page that made it, and its number there. The gateway's ledger counts each pair once. */
export interface Identity {
  readonly producer: string;
  readonly seq: number;
}

/** What the outbox knows about a batch without parsing it. */
export interface EntryFacts {
  /** Number of events inside. */
  readonly events: number;
  /** The same by list (metrics, logs, spans) and index, for the items that the gateway refuses. */
  readonly counts: readonly (readonly number[])[];
  readonly priority: Priority;
  /** Unix time in ms at which the window was opened, by the clock of the page that made it. */
  readonly at: number;
  /** The pseudonym under which it was recorded. */
  readonly user: string | undefined;
  /** The drops that it reports, to be reported by a later batch if this one is dropped itself. */
  readonly drops: Readonly<Record<string, number>> | undefined;
}

/**
 * One batch as it is kept on the device. Its identity, producer and seq, is given with the window's first event, so that
 * the journal of an open window and the sealed batch are one record under one key: whichever state of it a later page
 * finds, the gateway's ledger counts it once.
 */
export interface Entry extends Identity, EntryFacts {
  /** JSON of the batch, without what each attempt adds: `sentAt`, `key`, `token`. */
  readonly body: string;
  readonly bytes: number;
  /** Ms that pages have waited with it for the gateway, by their monotonic clocks, as last stored. */
  waited: number;
}

/** Key of an entry in the store. */
export function entryKey({ producer, seq }: Identity): string {
  return `${producer}.${seq}`;
}

/**
 * JSON of plain data. `JSON.stringify`, unless an old library (Prototype 1.6) has put a `toJSON` on `Array.prototype`,
 * with which arrays would become texts.
 */
export function toJson(value: unknown): string {
  if (Object(value) !== value || !('toJSON' in [])) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(toJson)}]`;
  const fields = Object.entries(value as object).filter(([, inner]) => inner !== undefined);
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`)}}`;
}

/** Makes an entry of a batch. */
export function makeEntry(
  { producer, seq }: Identity,
  facts: EntryFacts,
  batch: { readonly [Field in keyof Omit<Batch, 'user' | 'dropped'>]: Batch[Field] | undefined },
): Entry {
  const body = toJson({ ...batch, producer, seq, user: facts.user, dropped: facts.drops });
  return { ...facts, producer, seq, body, bytes: utf8Length(body), waited: 0 };
}
