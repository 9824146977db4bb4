import { z } from 'zod';

/** Unix ms of the first day of a Loki's first schema: nothing that it has is older. `config` is what runs. */
export function firstSchema(config: unknown): number {
  const schemas = z
    .object({ schema_config: z.object({ configs: z.array(z.object({ from: z.coerce.date() })) }) })
    .safeParse(config);
  const times = schemas.success ? schemas.data.schema_config.configs.map(({ from }) => from.getTime()) : [];
  if (times.length > 0) return Math.min(...times);
  throw new Error('loki: /config: schema_config.configs tells no day from which on there can be lines');
}
