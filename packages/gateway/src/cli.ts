#!/usr/bin/env node
import { version } from '../package.json';
import { ConfigError, type GatewayConfig, readConfig } from './config';
import { variables } from './configEnvironment';
import { configSummary } from './configSummary';
import { eraseUsages, runEraseCommand } from './eraseCommand';
import { listenProblem, type Place, tryPort } from './listening';
import { createGateway, type Gateway } from './server';
import { runSnapshotCommand, snapshotUsages } from './snapshotCommands';

const width = Math.max(...variables.map(({ name }) => name.length), 'GATEWAY_CONFIG'.length);
const line = (name: string, text: string): string => `  ${name.padEnd(width)}  ${text}\n`;

const usages = [
  ['', 'runs the gateway; SIGHUP reads the configuration again'],
  ['check-config [file]', 'says what is wrong with a configuration, or what it comes to'],
  ...snapshotUsages,
  ...eraseUsages,
] as const;
const usageWidth = Math.max(...usages.map(([usage]) => `artel-gateway ${usage}`.length));

const help = `artel-gateway ${version}

Takes batches of telemetry at POST /api/metrics and shows them to Prometheus at GET /metrics.

${usages.map(([usage, text]) => `  ${`artel-gateway ${usage}`.padEnd(usageWidth)}  ${text}\n`).join('')}
Told by the YAML file that GATEWAY_CONFIG names, and by environment variables, which override it:

${line('GATEWAY_CONFIG', 'the file (none)')}${variables.map(({ name, help }) => line(name, help)).join('')}`;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Throws the `ConfigError`, which ends the command with 1. */
function checkConfig(file: string | undefined): number {
  process.stdout.write(configSummary(readConfig(process.env, file)));
  return 0;
}

/** A file that is wrong changes nothing: whoever has sent the signal reads the log. */
function reload(gateway: Gateway): void {
  try {
    gateway
      .reload(readConfig(process.env))
      .catch((error: unknown) => gateway.reloadFailed([messageOf(error)]));
  } catch (error) {
    gateway.reloadFailed(error instanceof ConfigError ? error.problems : [messageOf(error)]);
  }
}

function placesOf({ host, port, admin }: GatewayConfig): Place[] {
  const inside = { host: 'GATEWAY_ADMIN_HOST', port: 'GATEWAY_ADMIN_PORT' };
  return [
    { host, port, variables: { host: 'GATEWAY_HOST', port: 'GATEWAY_PORT' } },
    ...(admin.listen ? [{ ...admin.listen, variables: inside }] : []),
  ];
}

async function main(args: readonly string[]): Promise<number | undefined> {
  const [command, operand] = args;
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  if (args.includes('--version')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (command === 'check-config' && args.length <= 2) return checkConfig(operand);
  const code = await runSnapshotCommand(args, () => readConfig(process.env).dataDir);
  if (code !== undefined) return code;
  const erased = await runEraseCommand(args, () => readConfig(process.env));
  if (erased !== undefined) return erased;
  if (args.length > 0) {
    process.stderr.write(`artel-gateway: unknown argument ${args.join(' ')}; see artel-gateway --help\n`);
    return 1;
  }
  const config = readConfig(process.env);
  const places = placesOf(config);
  // Before the store is opened: where another gateway runs, its port says so more clearly than its store.
  for (const place of places) await tryPort(place);
  try {
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
    process.on('SIGHUP', () => reload(gateway));
    process.stdout.write(`gateway listening on ${await gateway.listen()}\n`);
    const privateAddress = gateway.privateAddress();
    if (privateAddress !== undefined) process.stdout.write(`metrics and live page on ${privateAddress}\n`);
  } catch (error) {
    const problems = places.map((place) => listenProblem(error, place));
    throw new Error(problems.find((problem) => problem !== undefined) ?? messageOf(error), { cause: error });
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
