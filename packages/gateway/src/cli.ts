#!/usr/bin/env node
import { version } from '../package.json';
import { ConfigError, readConfig } from './config';
import { listenProblem, tryPort } from './listening';
import { createGateway } from './server';

const help = `artel-gateway ${version}

Takes batches of telemetry at POST /api/metrics and shows them to Prometheus at GET /metrics.
Told by environment variables:

  GATEWAY_PORT              port to listen on (4320)
  GATEWAY_HOST              address to listen on (127.0.0.1)
  DATA_DIR                  directory of what is kept (.data)
  GATEWAY_ORIGINS           origins whose pages may send, parted by commas (none but its own)
  GATEWAY_ENV               development or production (development: loopback pages may send too)
  GATEWAY_SECRET            key of the user hashes, 32 characters or more (random, kept in DATA_DIR)
  GATEWAY_STRICT_CATALOGUE  true refuses metrics outside the catalogue (false)
  GATEWAY_QUEUE_LIMIT       logs and spans that may wait to be handed on (100000)
  GATEWAY_LEDGER_DAYS       days until a silent producer is forgotten (30)
  LOG_LEVEL                 trace, debug, info, warn, error, fatal or silent (warn)
`;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function main(args: readonly string[]): Promise<number | undefined> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  if (args.includes('--version')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (args.length > 0) {
    process.stderr.write(`artel-gateway: unknown argument ${args.join(' ')}; see artel-gateway --help\n`);
    return 1;
  }
  const config = readConfig(process.env);
  try {
    // Before the store is opened: where another gateway runs, its port says so more clearly than its store.
    await tryPort(config.host, config.port);
    const gateway = createGateway(config);
    const stop = (): void => {
      gateway.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`artel-gateway: ${messageOf(error)}\n`);
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.stdout.write(`gateway listening on ${await gateway.listen()}\n`);
  } catch (error) {
    throw new Error(listenProblem(error, config.host, config.port) ?? messageOf(error), { cause: error });
  }
  return undefined;
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== undefined) process.exitCode = code;
  },
  (error: unknown) => {
    const lines = error instanceof ConfigError ? error.problems : [messageOf(error)];
    process.stderr.write(lines.map((line) => `artel-gateway: ${line}\n`).join(''));
    process.exit(1);
  },
);
