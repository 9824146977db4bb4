import { parse } from 'yaml';
import { z } from 'zod';
import { type StoreClient, StoreError } from './storeClient';

/** What Loki keeps of a selector in a range; by its index, so roughly. */
interface LokiStats {
  readonly streams: number;
  readonly entries: number;
  readonly bytes: number;
}

/** A deletion that Loki was asked for. Times are Unix ms. */
export interface LokiRequest {
  readonly id: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
  /** `received`, `processed`, or how far it is. */
  readonly status: string;
}

/** Loki's HTTP API, as far as retention needs it. Times are Unix ms. https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
export interface Loki {
  readonly url: string;
  /** The configuration that runs, as YAML has it. */
  config(): Promise<unknown>;
  stats(selector: string, from: number, to: number): Promise<LokiStats>;
  deletions(): Promise<readonly LokiRequest[]>;
  requestDeletion(query: string, from: number, to: number): Promise<void>;
  /** Takes a request back that has not begun. */
  cancelDeletion(id: string): Promise<void>;
  serverTime(): number | undefined;
}

const stats = z.object({ streams: z.number(), entries: z.number(), bytes: z.number() });
const requests = z.array(
  z.object({
    request_id: z.string(),
    start_time: z.number(),
    end_time: z.number(),
    query: z.string(),
    status: z.string(),
  }),
);

const HINT = '; deletion needs the compactor, with retention_enabled, delete_request_store and deletion_mode';

export function createLoki(client: StoreClient): Loki {
  const read = <Data>(path: string, text: string, data: z.ZodType<Data>): Data => {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      raw = undefined;
    }
    const parsed = data.safeParse(raw);
    if (parsed.success) return parsed.data;
    throw new StoreError(`${client.name} at ${client.url}: ${path}: not the answer that was expected`);
  };
  const DELETE = '/loki/api/v1/delete';
  const deletion = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StoreError) || (error.status !== 403 && error.status !== 404)) throw error;
      throw new StoreError(`${error.message}${HINT}`, error.status);
    }
  };
  return {
    url: client.url,
    config: async () => parse(await client.send('GET', '/config')),
    async stats(selector, from, to) {
      const path = '/loki/api/v1/index/stats';
      const text = await client.send('GET', path, [
        ['query', selector],
        ['start', `${from}000000`],
        ['end', `${to}000000`],
      ]);
      return read(path, text, stats);
    },
    deletions: () =>
      deletion(async () =>
        read(DELETE, await client.send('GET', DELETE), requests).map(
          ({ request_id, start_time, end_time, query, status }) => ({
            id: request_id,
            query,
            from: Math.round(start_time * 1_000),
            to: Math.round(end_time * 1_000),
            status,
          }),
        ),
      ),
    requestDeletion: (query, from, to) =>
      deletion(async () => {
        // Loki reads no fractions of seconds, and of Unix times only those of ten digits.
        const at = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
        await client.send('POST', DELETE, [
          ['query', query],
          ['start', at(from)],
          ['end', at(to)],
        ]);
      }),
    cancelDeletion: (id) =>
      deletion(async () => {
        await client.send('DELETE', DELETE, [['request_id', id]]);
      }),
    serverTime: client.serverTime,
  };
}

/** Unix ms of the first day of Loki's first schema, before which it has no lines. `config` is the one that runs. */
export function firstSchema(config: unknown): number {
  const schemas = z
    .object({ schema_config: z.object({ configs: z.array(z.object({ from: z.coerce.date() })) }) })
    .safeParse(config);
  const times = schemas.success ? schemas.data.schema_config.configs.map(({ from }) => from.getTime()) : [];
  if (times.length > 0) return Math.min(...times);
  throw new Error('loki: /config: schema_config.configs has no day from which on there can be lines');
}
