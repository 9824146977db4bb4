import { createServer } from './createServer';
import { readConfig } from './readConfig';
import { createSessionStore } from './sessionStore';

/** Sessions kept in memory: a few megabytes at the most. */
const MAX_SESSIONS = 1_000;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function main() {
  const { port, host } = readConfig(process.env);
  const app = createServer(createSessionStore({ maxSessions: MAX_SESSIONS, now: Date.now }));
  const address = await app.listen({ port, host }).catch((error: unknown) => {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} on ${host} is taken; set GAME_PORT to a free one`);
  });
  process.stdout.write(`game-service listening on ${address}\n`);

  const stop = () => {
    void app.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`game-service: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
