import { parse } from 'yaml';
import { z } from 'zod';
import { type StoreClient, StoreError } from './storeClient';

/** Tempo's HTTP API, as far as retention needs it. https://grafana.com/docs/tempo/latest/api_docs/ */
export interface Tempo {
  readonly url: string;
  /** The configuration that runs, as YAML has it. */
  config(): Promise<unknown>;
  /** The overrides of tenants that run, as YAML has them. */
  overrides(): Promise<unknown>;
  /** How many traces a TraceQL query finds in a range of Unix ms, `limit` at the most. */
  count(query: string, from: number, to: number, limit: number): Promise<number>;
  serverTime(): number | undefined;
}

const found = z.object({ traces: z.array(z.unknown()).optional() });

export function createTempo(client: StoreClient): Tempo {
  return {
    url: client.url,
    config: async () => parse(await client.send('GET', '/status/config')),
    overrides: async () => parse(await client.send('GET', '/status/runtime_config')),
    async count(query, from, to, limit) {
      const text = await client.send('GET', '/api/search', [
        ['q', query],
        ['start', String(Math.floor(from / 1_000))],
        ['end', String(Math.ceil(to / 1_000))],
        ['limit', String(limit)],
      ]);
      const parsed = found.safeParse(JSON.parse(text));
      if (!parsed.success)
        throw new StoreError(
          `${client.name} at ${client.url}: /api/search: not the answer that was expected`,
        );
      return parsed.data.traces?.length ?? 0;
    },
    serverTime: client.serverTime,
  };
}
