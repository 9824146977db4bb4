import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

const SECRETS = ['DATABASE_URL', 'REDIS_URL', 'AMQP_URL', 'TELEGRAM_BOT_TOKEN', 'TELEMETRY_SECRET'] as const;

function read(variable: string, path: string): string {
  try {
    const secret = readFileSync(path, 'utf8').trim();
    if (secret !== '') return secret;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`${variable}: ${path} cannot be read (${code})`);
  }
  throw new Error(`${variable}: ${path} is empty`);
}

/**
 * The environment, with what stands in the file that `DATABASE_URL_FILE` names under `DATABASE_URL`, and so for each variable
 * that may hold a secret: an environment can be read by whoever may look at a container. Throws an error that names the
 * variable whose file cannot be read, or that is given both ways.
 */
export function readSecretFiles(env: Environment): Environment {
  const found: Record<string, string> = {};
  for (const name of SECRETS) {
    const variable = `${name}_FILE`;
    const path = env[variable];
    if (!path) continue;
    if (env[name]) throw new Error(`${name} and ${variable} are both set; one of them must go`);
    found[name] = read(variable, path);
  }
  return { ...env, ...found };
}
