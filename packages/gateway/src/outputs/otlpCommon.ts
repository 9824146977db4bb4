import type { Fields, Scalar } from '@artel/telemetry-protocol';
import { version } from '../../package.json';
import type { QueueRecord } from '../enrich';
import type { QueueEntry } from './queueReader';
import { wellFormed } from './wellFormed';

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto */
type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: number }
  | { readonly doubleValue: number };

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

export interface Resource {
  readonly attributes: readonly KeyValue[];
}

/** Who made the messages, as OTLP wants to know it. */
export const scope = { name: '@artel/telemetry-gateway', version } as const;

function anyValue(value: string | number | boolean): AnyValue {
  if (typeof value === 'string') return { stringValue: wellFormed(value) };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
}

/** Attributes of what has a value. A later entry under a key that was there before replaces it: keys must be unique. */
export function attributesOf(
  entries: Iterable<readonly [key: string, value: Scalar | undefined]>,
): KeyValue[] {
  const found = new Map<string, KeyValue>();
  for (const [name, value] of entries) {
    const key = wellFormed(name);
    if (key !== '' && value !== undefined && value !== null) found.set(key, { key, value: anyValue(value) });
  }
  return [...found.values()];
}

/** The id of a trace or a span, from hex to bytes. */
export function idBytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

/** What an event itself says of the page and its user; the page of the moment goes before that of the batch. */
export function eventContext(record: QueueRecord, fields: Fields): [string, Scalar | undefined][] {
  // https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/: a hash, as we have no id of a user.
  return [['page', record.page], ['user.hash', record.user], ...Object.entries(fields)];
}

export interface Origin {
  readonly app: string;
  readonly environment?: string | undefined;
}

/**
 * One page load as a resource: its batches have the app, the version, the session and the producer in common.
 * https://opentelemetry.io/docs/specs/semconv/resource/
 */
function resourceOf(record: QueueRecord, { app, environment }: Origin): Resource {
  return {
    attributes: attributesOf([
      ['service.name', app],
      ['service.version', record.app?.version],
      ['service.instance.id', record.producer],
      ['deployment.environment.name', environment],
      ['session.id', record.session],
      ['telemetry.sdk.name', 'artel-telemetry'],
      ['telemetry.sdk.language', 'webjs'],
      ['artel.tier', record.tier],
    ]),
  };
}

/** Parts entries by the resource that they come from, in the order of arrival. */
export function byResource<Entry extends QueueEntry>(
  entries: readonly Entry[],
  place: (record: QueueRecord) => Origin,
): { readonly resource: Resource; readonly entries: readonly Entry[] }[] {
  const groups = new Map<string, { resource: Resource; entries: Entry[] }>();
  for (const entry of entries) {
    const { record } = entry;
    const origin = place(record);
    const { app, environment } = origin;
    const id = JSON.stringify([
      app,
      environment,
      record.app?.version,
      record.session,
      record.producer,
      record.tier,
    ]);
    let group = groups.get(id);
    if (!group) {
      group = { resource: resourceOf(record, origin), entries: [] };
      groups.set(id, group);
    }
    group.entries.push(entry);
  }
  return [...groups.values()];
}
