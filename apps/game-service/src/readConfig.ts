export interface Config {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
}

/** Reads `GAME_PORT` (4330) and `GAME_HOST` (127.0.0.1). Throws an error that names the variable and its value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = env.GAME_PORT || '4330';
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`GAME_PORT "${given}" must be a whole number from 0 to 65535`);
  return { port, host: env.GAME_HOST || '127.0.0.1' };
}
