import { createHmac } from 'node:crypto';
import type { AuditLog } from '../auditLog';
import { DAY } from '../duration';
import type { Policies } from '../retention/policySchema';
import { firstSchema } from '../stores/loki';
import type { Prometheus } from '../stores/prometheus';
import type { Stores } from '../stores/stores';
import { type EraseGatewayOptions, eraseGateway } from './eraseGateway';
import { eraseSentry, type SentryPlace } from './eraseSentry';

/** What came of one store. */
export interface ErasureStep {
  readonly store: 'gateway' | 'loki' | 'tempo' | 'prometheus' | 'sentry' | 'game-service';
  /** `later`: it goes by itself, at a time that the text names. `left`: something is for a person to do. */
  readonly outcome: 'done' | 'later' | 'left' | 'skipped' | 'failed';
  /** Holds no name of the player. */
  readonly text: string;
}

export interface ErasureOptions {
  /** Telegram's id, or a pseudonym. */
  readonly user: string;
  readonly since: number;
  /** Other names that the player has in logs. */
  readonly also: readonly string[];
  readonly policies: Policies;
  readonly stores: Stores;
  readonly gateway?: Omit<EraseGatewayOptions, 'user'> | undefined;
  /** Key of the pseudonyms of game services: the token of their bot. */
  readonly botToken?: string | undefined;
  readonly sentry?: SentryPlace | undefined;
  readonly audit: AuditLog;
  readonly auditHash: (user: string) => string;
  readonly now: () => number;
}

const PSEUDONYM = /^(?:[\da-f]{16}|[\da-f]{32}|[\da-f]{64})$/;

/** The pseudonym under which the game service logs a player: `subject` of its sign-in. */
export function gamePseudonym(botToken: string, user: string): string {
  return createHmac('sha256', botToken).update(`artel player ${user}`).digest('hex').slice(0, 16);
}

/**
 * Erases one player from every store that was given, and returns what came of each. A store that fails does not stop the
 * others; run it again for that one. The audit log gets a keyed hash in place of the player, and no query.
 */
export async function erasePlayer(options: ErasureOptions): Promise<readonly ErasureStep[]> {
  const { user, audit, auditHash } = options;
  const subject = auditHash(user);
  audit.append({ event: 'erase.begun', subject });
  const steps: ErasureStep[] = [];
  const add = (step: ErasureStep): void => {
    steps.push(step);
    audit.append({ event: 'erase.step', subject, store: step.store, outcome: step.outcome, text: step.text });
  };
  const attempt = async (store: ErasureStep['store'], act: () => Promise<ErasureStep>): Promise<void> => {
    try {
      add(await act());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      add({ store, outcome: 'failed', text: withoutNames(message, names) });
    }
  };

  const names: string[] = [user, ...options.also];
  if (options.botToken !== undefined && !PSEUDONYM.test(user))
    names.push(gamePseudonym(options.botToken, user));
  const queries: string[] = [];
  // First, or what waits there would be handed on to what has just been cleaned.
  await attempt('gateway', async () => {
    if (!options.gateway)
      return {
        store: 'gateway',
        outcome: 'skipped',
        text: 'no command was given: what waits in its queue stays, and of an id nobody else can make the pseudonyms',
      };
    const { said, queries: own, pseudonyms } = await eraseGateway({ ...options.gateway, user });
    names.push(...pseudonyms);
    queries.push(...own);
    return { store: 'gateway', outcome: 'done', text: withoutNames(said.join(' '), names) };
  });
  const pseudonyms = [...new Set(names)].filter((name) => PSEUDONYM.test(name));
  await attempt('loki', () => eraseLoki(options, pseudonyms, queries));
  await attempt('tempo', () => tellTempo(options, pseudonyms));
  await attempt('prometheus', () => provePrometheus(options, names));
  await attempt('sentry', async () => {
    if (!options.sentry) return skipped('sentry', 'no SENTRY_URL, SENTRY_ORG and SENTRY_AUTH_TOKEN');
    if (pseudonyms.length === 0) return skipped('sentry', 'no pseudonym is known');
    const { issues, replays, shared } = await eraseSentry(options.sentry, pseudonyms);
    const done = `${issues} issues of the player alone and ${replays} replays are deleted`;
    return shared.length === 0
      ? { store: 'sentry', outcome: 'done', text: done }
      : {
          store: 'sentry',
          outcome: 'left',
          text: `${done}; others have met ${shared.join(', ')} too, and Sentry deletes no single event: delete these as a whole, or wait for the project's retention`,
        };
  });
  add({
    store: 'game-service',
    outcome: 'done',
    text: 'its database has no column of a user: players of a game are p1, p2 and the names that were typed',
  });
  audit.append({
    event: 'erase.ended',
    subject,
    failed: steps.filter(({ outcome }) => outcome === 'failed').length,
  });
  return steps;
}

function skipped(store: ErasureStep['store'], text: string): ErasureStep {
  return { store, outcome: 'skipped', text };
}

/** An error may quote what was asked. */
function withoutNames(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => (name === '' ? rest : rest.replaceAll(name, '…')), text);
}

async function eraseLoki(
  { stores: { loki }, since, now }: ErasureOptions,
  pseudonyms: readonly string[],
  queries: readonly string[],
): Promise<ErasureStep> {
  if (!loki) return skipped('loki', 'no URL was given');
  if (pseudonyms.length === 0) return skipped('loki', 'no pseudonym is known');
  const hex = pseudonyms.join('|');
  const all = new Set([
    ...queries,
    ...(queries.length === 0 ? [`{service_name=~".+"} | user=~"${hex}"`] : []),
    // Lines of services have them in their text. Those of the security room are kept by law.
    `{service_name=~".+", category!="security"} |~ "${hex}"`,
  ]);
  const to = Math.floor(now() / 1_000) * 1_000;
  // Loki cuts a deletion with a filter into one for each day.
  const from = Math.max(since, firstSchema(await loki.config()));
  const before = new Set((await loki.deletions()).map(({ id }) => id));
  for (const query of all) await loki.requestDeletion(query, from, to);
  const made = (await loki.deletions()).filter(({ id, query }) => !before.has(id) && all.has(query));
  if (made.length < all.size) throw new Error(`loki lists ${made.length} of ${all.size} requests`);
  return {
    store: 'loki',
    outcome: 'later',
    text: `requests ${made.map(({ id }) => id).join(', ')}: queries no longer show the lines, the compactor deletes them once delete_request_cancel_period (24h) is over; lines of category security stay`,
  };
}

async function tellTempo(
  { stores: { tempo }, policies, now }: ErasureOptions,
  pseudonyms: readonly string[],
): Promise<ErasureStep> {
  if (!tempo) return skipped('tempo', 'no URL was given');
  if (pseudonyms.length === 0) return skipped('tempo', 'no pseudonym is known');
  const longest = Math.max(
    ...Object.values(policies.retention_policies.traces).map(({ retention }) => retention),
  );
  const condition = pseudonyms.map((name) => `.user.hash = ${JSON.stringify(name)}`).join(' || ');
  const LIMIT = 1_000;
  const count = await tempo.count(`{ ${condition} }`, now() - longest, now(), LIMIT);
  if (count === 0) return { store: 'tempo', outcome: 'done', text: 'no trace of the player' };
  const last = new Date(now() + longest + DAY).toISOString().slice(0, 10);
  return {
    store: 'tempo',
    outcome: 'later',
    text: `${count === LIMIT ? `${LIMIT} or more` : count} traces go with their blocks, by ${last} at the latest: Tempo deletes no single trace`,
  };
}

async function provePrometheus(
  { stores: { prometheus } }: ErasureOptions,
  names: readonly string[],
): Promise<ErasureStep> {
  if (!prometheus) return skipped('prometheus', 'no URL was given');
  const { labels, values, found } = await proveAbsence(prometheus, names);
  if (found.length === 0)
    return {
      store: 'prometheus',
      outcome: 'done',
      text: `none of ${values} values of ${labels} labels names the player`,
    };
  return {
    store: 'prometheus',
    outcome: 'left',
    text: `the player is in ${found.length} values of ${[...new Set(found.map(({ label }) => label))].join(', ')}: no label may hold a person; find what puts it there, then delete these series`,
  };
}

/** What of the labels of a Prometheus was looked through, and where a player was found. */
interface AbsenceProof {
  readonly labels: number;
  readonly values: number;
  readonly found: readonly { readonly label: string; readonly selector: string }[];
}

/**
 * Looks through every value of every label for any of some names of a player, as a whole or as a part between other signs.
 * None is expected: no label of ours is of a person.
 */
async function proveAbsence(prometheus: Prometheus, names: readonly string[]): Promise<AbsenceProof> {
  const found: { label: string; selector: string }[] = [];
  let values = 0;
  const labels = await prometheus.labelNames();
  const parts = names.map((name) => new RegExp(`(?<![0-9A-Za-z])${literally(name)}(?![0-9A-Za-z])`));
  for (const label of labels) {
    const all = await prometheus.labelValues(label);
    values += all.length;
    for (const value of all)
      if (parts.some((part) => part.test(value)))
        found.push({ label, selector: `{${label}=${JSON.stringify(value)}}` });
  }
  return { labels: labels.length, values, found };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
