// `npm start`: the gateway, the game service and the demo Mini App, until Ctrl-C.
import { resolve } from 'node:path';
import { type Launch, launch, type Running } from '@artel/test-support/programs/launch';
import { isPortFree } from '@artel/test-support/programs/port';
import { gameService, gatewayService, miniApp, type Places } from '@artel/test-support/servers/demo';

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readPort(name: string, otherwise: number): number {
  const text = process.env[name];
  if (!text) return otherwise;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  return fail(`${name} must be a port from 1 to 65535, got ${JSON.stringify(text)}`);
}

const places: Places = {
  miniAppPort: readPort('PORT', 4173),
  gatewayPort: readPort('GATEWAY_PORT', 4320),
  gamePort: readPort('GAME_PORT', 4330),
  dataDir: resolve(process.env['DATA_DIR'] || '.data'),
};

const ports = { PORT: places.miniAppPort, GATEWAY_PORT: places.gatewayPort, GAME_PORT: places.gamePort };
for (const [name, port] of Object.entries(ports)) {
  if (!(await isPortFree(port)))
    fail(`Port ${port} is taken. Set ${name} to a free one: ${name}=${port + 10_000} npm start`);
}

const running: Running[] = [];
let stopping = false;

async function stopAll(code: number) {
  if (stopping) return;
  stopping = true;
  await Promise.all(running.map((service) => service.stop()));
  process.exit(code);
}

process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));

const starting = new Set<string>();
const reminder = setInterval(() => console.error(`Still starting: ${[...starting].join(', ')}`), 20_000);

async function run(service: Launch) {
  starting.add(service.name);
  const one = await launch({ patience: { longest: 1_800_000 }, ...service });
  starting.delete(service.name);
  running.push(one);
  void one.ended.then((code) => {
    if (stopping) return;
    console.error(
      `${one.name} ended with ${code}; stopping.\n${one.output().trim().split('\n').slice(-5).join('\n')}`,
    );
    void stopAll(1);
  });
  // What it said of itself before it was ready.
  for (const line of one.output().split('\n'))
    if (line.startsWith(`${one.name}: `)) process.stderr.write(`${line}\n`);
  one.process.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
}

try {
  await Promise.all([gatewayService(places), gameService(places), miniApp(places)].map(run));
  clearInterval(reminder);
  console.log(`
  Artel Billiards  http://127.0.0.1:${places.miniAppPort}
  Gateway          http://127.0.0.1:${places.gatewayPort}/metrics
  Game service     http://127.0.0.1:${places.gamePort}/health

  Data in ${places.dataDir}. Ctrl-C stops everything.`);
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await stopAll(1);
  }
}
