import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const volume = z.union([
  z.string().transform((text) => {
    const [source = '', target = '', mode] = text.split(':');
    return { type: 'volume', source, target, read_only: mode === 'ro' };
  }),
  z.looseObject({
    type: z.enum(['bind', 'volume']),
    source: z.string(),
    target: z.string(),
    read_only: z.boolean().default(false),
  }),
]);

const service = z.looseObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  restart: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  expose: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  volumes: z.array(volume).default([]),
  secrets: z
    .array(
      z.union([
        z.string().transform((source) => ({ source, target: `/run/secrets/${source}` })),
        z.strictObject({ source: z.string(), target: z.string() }),
      ]),
    )
    .default([]),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  pids_limit: z.int(),
  deploy: z.strictObject({
    resources: z.strictObject({
      limits: z.strictObject({ cpus: z.string(), memory: z.string() }),
    }),
  }),
});

const compose = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

/** The services of a compose file, in the one form of each field that ours uses. */
export type Compose = z.output<typeof compose>;

/** The file with its merge keys resolved, and nothing else done to it. */
export function parseCompose(path: string): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(parse(readFileSync(path, 'utf8'), { merge: true }));
}

/** Reads a compose file. Throws where a field is not as ours are. */
export function readCompose(path: string): Compose {
  return compose.parse(parseCompose(path));
}
