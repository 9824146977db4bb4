import { readConfig } from './readConfig';
import { readSecretFiles } from './readSecretFiles';
import { startGameService } from './startGameService';

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function main() {
  const env = readSecretFiles(process.env);
  const config = readConfig(env);
  const { port, host } = config;
  const { app, notice } = await startGameService(config, { env });
  if (notice !== undefined) process.stderr.write(`game-service: ${notice}\n`);
  const address = await app.listen({ port, host }).catch(async (error: unknown) => {
    await app.close();
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} on ${host} is taken; set GAME_PORT to a free one`);
  });
  process.stdout.write(`game-service listening on ${address}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`game-service: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
