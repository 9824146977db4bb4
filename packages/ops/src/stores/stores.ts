import { UsageError } from '../command';
import { createLoki, type Loki } from './loki';
import { createPrometheus, type Prometheus } from './prometheus';
import { createStoreClient } from './storeClient';
import { createTempo, type Tempo } from './tempo';

/** The stores that were given. */
export interface Stores {
  readonly prometheus?: Prometheus;
  readonly loki?: Loki;
  readonly tempo?: Tempo;
}

export const storeNames = ['prometheus', 'loki', 'tempo'] as const;
type StoreName = (typeof storeNames)[number];

/** Where a store is, by options and environment; the secret of its header only by the environment. */
export interface StorePlaces {
  readonly urls: { readonly [Name in StoreName]?: string | undefined };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes the clients of the stores whose URL is known. `LOKI_AUTHORIZATION`, `LOKI_ORG_ID` and their like become headers. */
export function openStores({ urls, environment }: StorePlaces): Stores {
  const client = (name: StoreName) => {
    const variable = name.toUpperCase();
    const url = urls[name] ?? environment[`${variable}_URL`];
    if (url === undefined || url === '') return undefined;
    if (!/^https?:\/\/[^@]+$/.test(url))
      throw new UsageError(`--${name}: expected an http or https URL without user or password`);
    const authorization = environment[`${variable}_AUTHORIZATION`];
    const orgId = environment[`${variable}_ORG_ID`];
    return createStoreClient({
      name,
      url,
      headers: {
        ...(authorization ? { Authorization: authorization } : {}),
        ...(orgId ? { 'X-Scope-OrgID': orgId } : {}),
      },
    });
  };
  const [prometheus, loki, tempo] = [client('prometheus'), client('loki'), client('tempo')];
  return {
    ...(prometheus ? { prometheus: createPrometheus(prometheus) } : {}),
    ...(loki ? { loki: createLoki(loki) } : {}),
    ...(tempo ? { tempo: createTempo(tempo) } : {}),
  };
}
