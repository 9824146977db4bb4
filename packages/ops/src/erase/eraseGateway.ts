import { spawn } from 'node:child_process';

/** What the gateway did, and under which names a player was found there. */
export interface GatewayErasure {
  /** What it printed of its own records, in its words. */
  readonly said: readonly string[];
  /** LogQL of the lines that it handed on to a Loki. */
  readonly queries: readonly string[];
  readonly pseudonyms: readonly string[];
}

export interface EraseGatewayOptions {
  /** The program and its first arguments, such as `['artel-gateway']`. */
  readonly command: readonly string[];
  readonly user: string;
  readonly tenant?: string | undefined;
  readonly since?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The requests that `artel-gateway erase` prints for Loki: each a `curl` command that ends with its URL in quotes. */
function queriesIn(output: string): string[] {
  return [...output.matchAll(/^ {2}curl .*'(https?:\/\/.+)'$/gm)].flatMap(([, quoted = '']) => {
    const query = new URL(quoted.replaceAll(`'\\''`, "'")).searchParams.get('query');
    return query === null ? [] : [query];
  });
}

/**
 * Runs `artel-gateway erase`, which alone can make pseudonyms of an id. The id goes over standard input: other users see
 * what a command was called with. Throws with what it complained of.
 */
export async function eraseGateway(options: EraseGatewayOptions): Promise<GatewayErasure> {
  const { command, user, tenant, since, environment } = options;
  const [program = 'artel-gateway', ...first] = command;
  const args = [
    ...first,
    ...['erase', '--user', '-'],
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...(since === undefined ? [] : ['--since', since]),
  ];
  const child = spawn(program, args, { env: { ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  let [output, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  // It may have ended before it has read.
  child.stdin.on('error', () => {});
  child.stdin.end(user);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`gateway: ${program}: ${error.message}`)));
    child.once('close', (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(`gateway: ${complaint.trim() || `ended with ${code}`}`);
  const queries = queriesIn(output);
  const pseudonyms = queries.flatMap((query) => /\| user=~"([^"]+)"$/.exec(query)?.[1]?.split('|') ?? []);
  if (pseudonyms.length === 0) throw new Error('gateway: its answer names no pseudonym');
  return {
    said: output.split('\n').filter((line) => line !== '' && !/^(?: {2}curl |To have Loki)/.test(line)),
    queries: [...new Set(queries)],
    pseudonyms: [...new Set(pseudonyms)],
  };
}
