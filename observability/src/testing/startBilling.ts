import { once } from 'node:events';
import { createServer } from 'node:http';
import { createAppMetrics } from '@artel/telemetry-service/metrics';

/** A second service on the toolkit: it registers users and takes money for games, which the demo's game service does not. */
export interface Billing {
  readonly port: number;
  register(): void;
  takeMoney(gameType: string, rubles: number): void;
  close(): Promise<void>;
}

/** Starts the billing service in this process, with its metrics at `/metrics` of a free port of loopback. */
export async function startBilling(): Promise<Billing> {
  const metrics = createAppMetrics({ service: 'billing-service', processMetrics: false });
  const server = createServer(async (request, response) => {
    const { type, body } = await metrics.expose(request.headers.accept);
    response.writeHead(200, { 'content-type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the billing service has no port');
  return {
    port: address.port,
    register: () => metrics.trackUserAction('user_registered'),
    takeMoney: (gameType, rubles) => metrics.gameRevenue.inc({ game_type: gameType }, rubles),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
