// A server in a process of its own. What is switched on for a whole process, such as async hooks, would cost a bare server
// in the same process too, and hide itself from the measurement.
import { createService, type ServiceOptions } from '../../packages/service/dist/index.js';
import { instrumentPg } from '../../packages/service/dist/instruments/index.js';
import Fastify, { type FastifyInstance } from '../../packages/service/node_modules/fastify/fastify.js';
import { pg } from './pg';

/** What the parent tells at the start. */
export interface ServerOrder {
  /** `bare` is Fastify alone; `full` has everything on; `untraced` and `silent` leave out traces and request lines. */
  readonly variant: Variant;
  readonly postgres: string;
  readonly otlp: string;
  readonly sentryDsn: string;
}

export type Variant = 'bare' | 'full' | 'untraced' | 'silent';

/** What it is told then, and answers: the port, or the CPU time of this process since its start in µs. */
export type ServerReport = { readonly port: number } | { readonly cpuMicros: number };

async function createApp({ variant, otlp, sentryDsn, postgres }: ServerOrder): Promise<FastifyInstance> {
  const pool = new pg.Pool({ connectionString: postgres, max: 8 });
  let app: FastifyInstance = Fastify();
  if (variant !== 'bare') {
    const options: ServiceOptions = {
      name: 'bench',
      version: '1.0.0',
      environment: 'production',
      secret: 'x'.repeat(32),
      logging: { level: variant === 'silent' ? 'warn' : 'info' },
      sentry: { dsn: sentryDsn },
      env: {},
      ...(variant === 'untraced' ? {} : { tracing: { endpoint: otlp } }),
    };
    const service = await createService(options);
    app = Fastify(service.fastify);
    await app.register(service.plugin);
    instrumentPg(pool, { metrics: service.metrics, database: 'bench' });
  }
  app.get('/empty/:id', async () => ({ ok: true }));
  app.get<{ Params: { id: string } }>('/query/:id', async (request) => {
    const { rows } = await pool.query('SELECT id, game_type, score FROM games WHERE id = $1', [
      request.params.id,
    ]);
    return rows[0];
  });
  return app;
}

const say = (report: ServerReport): void => void process.send?.(report);

process.once('message', (order: ServerOrder) => {
  void createApp(order)
    .then((app) => app.listen({ port: 0, host: '127.0.0.1' }))
    .then((address) => {
      process.on('message', () => {
        const { user, system } = process.cpuUsage();
        say({ cpuMicros: user + system });
      });
      say({ port: Number(new URL(address).port) });
    });
});
process.once('disconnect', () => process.exit());
