import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { GatewayConfig } from './config';
import { type Erased, type Erasure, eraseUsers, requireStore } from './erase';
import { asCurl, type LokiDeletion, lokiDeletion, sendDeletion } from './outputs/lokiDelete';
import { pseudonymsOf, type Secrets } from './pseudonyms';
import { keptSecret } from './secret';
import type { Tenant } from './tenants';

/** How the command of this room is called, for the help. */
export const eraseUsages: readonly (readonly [usage: string, text: string])[] = [
  [
    'erase --user <id> [--tenant <app/environment>] [--since <date>] [--loki]',
    "erases a player by Telegram's id or by pseudonym; --loki sends Loki's deletion request too",
  ],
];

const usage = `expected artel-gateway ${eraseUsages[0]?.[0]}`;

interface Asked {
  readonly user: string;
  readonly tenant?: string | undefined;
  readonly since: number;
  readonly loki: boolean;
}

/** Nothing of what was given is repeated: the id may be in it, wherever it was put. */
function readAsked(args: readonly string[]): Asked {
  const fault = (message: string): Error => new Error(`erase: ${message}; ${usage}`);
  let values: { user?: string; tenant?: string; since?: string; loki?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        user: { type: 'string' },
        tenant: { type: 'string' },
        since: { type: 'string' },
        loki: { type: 'boolean' },
      },
    }));
  } catch {
    throw fault('there is an argument that it does not know, or one without its value');
  }
  const { tenant, loki = false } = values;
  // Other users of the machine see what a command was called with.
  const user = (values.user === '-' ? readFileSync(0, 'utf8') : (values.user ?? '')).trim();
  if (!/^[^\s]{1,128}$/.test(user)) {
    throw fault("--user: Telegram's id, a pseudonym, or - to read it from standard input");
  }
  const since = values.since === undefined ? 0 : Date.parse(values.since);
  if (Number.isNaN(since)) throw fault(`--since: expected a date such as 2026-01-31, got ${values.since}`);
  return { user, tenant, since, loki };
}

function tenantsAsked(all: readonly Tenant[], id: string | undefined): readonly Tenant[] {
  const asked = all.filter((tenant) => id === undefined || tenant.id === id);
  if (asked.length > 0) return asked;
  throw new Error(
    `erase: --tenant: there is no ${id}, expected one of ${all.map((tenant) => tenant.id).join(', ')}`,
  );
}

function deletionsOf(config: GatewayConfig, tenants: readonly Tenant[], users: Erased, since: number) {
  const to = Date.now();
  return Object.entries(config.outputs).flatMap(([name, output]): LokiDeletion[] => {
    if (output.kind !== 'loki') return [];
    return tenants
      .filter(({ outputs }) => outputs?.includes(name) ?? true)
      .map(({ id, app, environment }) =>
        lokiDeletion(name, output, {
          app,
          environment,
          pseudonyms: users.get(id) ?? new Set(),
          from: since,
          to,
        }),
      );
  });
}

function told({ logs, spans, bySession, held, gateway, compacted, copies }: Erasure): string {
  const lines = [
    `erased ${logs} logs and ${spans} spans that waited to be handed on: ${bySession} of them by their session, ${held} in batches held for other gateways`,
    'Counters, histograms and the ledger stay: they hold no person.',
    gateway === undefined
      ? undefined
      : `The gateway of process ${gateway} goes on. Within a second its live page forgets log lines and errors, and its outputs read the queue again.`,
    compacted
      ? 'The store was written anew: its free pages hold nothing of the player.'
      : 'Free pages of the store may hold bytes of the player until they are used again: erase once more while the gateway is stopped, and the store is written anew.',
    ...copies.map((copy) => `Still holds the player: ${copy}`),
    'Snapshots that were taken before hold what waited then: delete them, or restore one and erase again.',
    "Launches of the last day are in the gateway's memory as keyed hashes that name nobody, until it restarts or they expire.",
  ];
  return lines.flatMap((line) => (line === undefined ? [] : [`${line}\n`])).join('');
}

/** Sends each, and answers how many were not taken. */
async function sendAll(deletions: readonly LokiDeletion[]): Promise<number> {
  let failures = 0;
  for (const deletion of deletions) {
    const trouble = await sendDeletion(deletion);
    if (trouble === undefined) process.stdout.write(`${deletion.output}: Loki has taken ${deletion.query}\n`);
    else {
      failures++;
      process.stderr.write(`artel-gateway: erase: ${deletion.output}: Loki has not taken it: ${trouble}\n`);
    }
  }
  return failures;
}

/**
 * Runs `erase` and answers the exit code, 1 where a Loki has not taken its deletion; `undefined` for another command.
 * Throws what the command could not be done for. The id that was given is never printed.
 */
export async function runEraseCommand(
  [command, ...rest]: readonly string[],
  readConfig: () => GatewayConfig,
): Promise<number | undefined> {
  if (command !== 'erase') return undefined;
  const { user, tenant, since, loki } = readAsked(rest);
  const config = readConfig();
  requireStore(config.dataDir);
  const { secret, previousSecret } = config;
  const secrets: Secrets = [
    secret ?? keptSecret(config.dataDir),
    ...(previousSecret === undefined ? [] : [previousSecret]),
  ];
  const tenants = tenantsAsked(config.tenants, tenant);
  const users: Erased = new Map(tenants.map(({ id }) => [id, pseudonymsOf(user, id, secrets)]));
  process.stdout.write(told(await eraseUsers(config.dataDir, users)));
  const deletions = deletionsOf(config, tenants, users, since);
  if (loki) {
    if (deletions.length === 0) throw new Error('erase: --loki: there is no output of kind loki');
    return (await sendAll(deletions)) > 0 ? 1 : 0;
  }
  const example = lokiDeletion(
    'loki',
    { url: 'http://loki:3100', headers: {}, timeoutSeconds: 10 },
    { pseudonyms: new Set([...users.values()].flatMap((set) => [...set])), from: since, to: Date.now() },
  );
  const requests = (deletions.length > 0 ? deletions : [example]).map(asCurl);
  process.stdout.write(
    `To have Loki delete its lines (or add --loki):\n${requests.map((one) => `  ${one}\n`).join('')}`,
  );
  return 0;
}
