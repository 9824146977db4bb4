import { createHash } from 'node:crypto';
import type { Database, RootDatabase } from 'lmdb';
import type { QueueRecord } from './enrich';
import type { LedgerEntry } from './ledger';
import { type LabelPair, type Series, seriesKey } from './series';
import { DEFAULT_TENANT } from './tenants';

/** The layout that this gateway writes. A newer one is refused, an older one is migrated when it is opened. */
export const FORMAT_VERSION = 2;

/** A ledger entry with the time of its last change, Unix time in ms. */
export interface KeptEntry extends LedgerEntry {
  readonly at: number;
}

/**
 * What a batch adds, on the disk and not yet counted: gateways that share a ledger keep a batch so until they know whose
 * copy of it counts. Nothing of it is in the series or in the queue, so that what is shown never has to be taken back.
 */
export interface HeldRecord {
  /** Key of its producer in the ledger. */
  readonly ledgerKey: string;
  readonly seq: number;
  readonly tenant: string;
  /** Points, logs and spans. */
  readonly accepted: number;
  readonly series: readonly Series[];
  readonly records: readonly QueueRecord[];
}

/** The databases of a store. */
export interface Tables {
  /** `format`; `owner`, whose version is the epoch; `commits` and `committedAt`: how much has been written, and when; `erasures`. */
  readonly meta: Database<number, string>;
  /** By `ledgerKey`. */
  readonly ledger: Database<KeptEntry, string>;
  /** By `seriesRecordKey`. */
  readonly series: Database<Series, string>;
  readonly queue: Database<QueueRecord, number>;
  /** By output: the key of the first record that it has not passed. */
  readonly cursors: Database<number, string>;
  /** By token: batches that wait to be claimed from other gateways. */
  readonly held: Database<HeldRecord, string>;
}

export function openTables(env: RootDatabase): Tables {
  return {
    meta: env.openDB<number, string>({ name: 'meta', encoding: 'json', useVersions: true }),
    ledger: env.openDB<KeptEntry, string>({ name: 'ledger', encoding: 'json' }),
    series: env.openDB<Series, string>({ name: 'series', encoding: 'json' }),
    queue: env.openDB<QueueRecord, number>({ name: 'queue', encoding: 'json' }),
    cursors: env.openDB<number, string>({ name: 'cursors', encoding: 'json' }),
    held: env.openDB<HeldRecord, string>({ name: 'held', encoding: 'json' }),
  };
}

/** Key of a tenant's producer in the ledger. No tenant's id has a space in it, so one tenant's keys lie together. */
export function ledgerKey(tenant: string, producer: string): string {
  return `${tenant} ${producer}`;
}

/** LMDB's keys are shorter than a series' labels may be. */
function seriesHash({ name, labels }: Series): string {
  return createHash('sha256').update(seriesKey(name, labels)).digest('base64url');
}

interface KnownKey {
  readonly tenant: string;
  readonly name: string;
  readonly key: string;
}

/** By the labels, which a series keeps as long as it is in memory: a hash for each write of each series is too much. */
const knownKeys = new WeakMap<readonly LabelPair[], KnownKey>();

export function seriesRecordKey(tenant: string, series: Series): string {
  const { name, labels } = series;
  const known = knownKeys.get(labels);
  // Series may share their labels, as those of the overflow do.
  if (known?.name === name && known.tenant === tenant) return known.key;
  const key = `${tenant} ${seriesHash(series)}`;
  knownKeys.set(labels, { tenant, name, key });
  return key;
}

/** Format 1 knew of no tenants: what it held becomes the default tenant's, and counts on. */
function toFormat2({ ledger, series, queue }: Tables): void {
  for (const { key, value } of [...ledger.getRange()]) {
    ledger.removeSync(key);
    ledger.putSync(ledgerKey(DEFAULT_TENANT, key), value);
  }
  for (const { key, value } of [...series.getRange()]) {
    series.removeSync(key);
    series.putSync(seriesRecordKey(DEFAULT_TENANT, value), value);
  }
  for (const { key, value } of [...queue.getRange()]) {
    queue.putSync(key, { ...value, tenant: DEFAULT_TENANT, tier: 'anonymous' });
  }
}

/**
 * Brings a store to this gateway's format, all of it in one transaction. Answers the format that it had. Throws, and
 * leaves it as it was, when that one is newer.
 */
export function migrate(env: RootDatabase, tables: Tables, path: string): number {
  const { meta } = tables;
  const isNew = meta.get('owner') === undefined;
  const format = meta.get('format') ?? (isNew ? FORMAT_VERSION : 1);
  if (format > FORMAT_VERSION) {
    const known = `this gateway knows formats up to ${FORMAT_VERSION}`;
    throw new Error(
      `DATA_DIR: ${path} has format ${format}, ${known}; take a newer gateway or choose another DATA_DIR`,
    );
  }
  env.transactionSync(() => {
    if (format < 2) toFormat2(tables);
    meta.putSync('format', FORMAT_VERSION, 0);
  });
  return format;
}
