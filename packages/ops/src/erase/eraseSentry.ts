import { z } from 'zod';
import { createStoreClient } from '../stores/storeClient';

export interface SentryPlace {
  readonly url: string;
  readonly organization: string;
  /** Needs the scopes `event:admin` and `project:admin`. */
  readonly token: string;
}

/** What Sentry was asked to delete, and what only a person can decide on. */
export interface SentryErasure {
  readonly issues: number;
  readonly replays: number;
  /** Issues that others have met too: Sentry deletes no single event. */
  readonly shared: readonly string[];
}

const issues = z.array(
  z.object({
    id: z.string(),
    shortId: z.string(),
    lifetime: z.object({ userCount: z.coerce.number() }).optional(),
  }),
);
const replays = z.object({ data: z.array(z.object({ id: z.string(), project_id: z.string() })) });

/** The most of a list that Sentry returns at once. */
const PAGE = 100;
const ROUNDS = 100;

/**
 * Deletes a player's replays, and the issues that nobody else has met. Each list is read again until it has nothing more
 * that can be deleted. https://docs.sentry.io/api/events/remove-an-issue/, https://docs.sentry.io/api/replays/delete-a-replay-instance/
 */
export async function eraseSentry(place: SentryPlace, users: readonly string[]): Promise<SentryErasure> {
  const { url, organization, token } = place;
  const client = createStoreClient({ name: 'sentry', url, headers: { Authorization: `Bearer ${token}` } });
  const root = `/api/0/organizations/${encodeURIComponent(organization)}`;
  const query = `user.id:[${users.join(', ')}]`;
  const read = async <Data>(path: string, schema: z.ZodType<Data>): Promise<Data> => {
    const text = await client.send('GET', path, [
      ['query', query],
      ['statsPeriod', '90d'],
      ['per_page', String(PAGE)],
    ]);
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`sentry at ${url}: ${path}: not the answer that was expected`);
    return parsed.data;
  };

  const gone = new Set<string>();
  const shared = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = await read(`${root}/issues/`, issues);
    for (const { shortId, lifetime } of found) if (lifetime?.userCount !== 1) shared.add(shortId);
    // Sentry deletes in the background, and lists an issue until it has.
    const own = found.filter(({ id, lifetime }) => lifetime?.userCount === 1 && !gone.has(id));
    if (own.length === 0) break;
    for (const { id } of own) {
      await client.send('DELETE', `${root}/issues/${encodeURIComponent(id)}/`);
      gone.add(id);
    }
  }

  const watched = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = (await read(`${root}/replays/`, replays)).data.filter(({ id }) => !watched.has(id));
    if (found.length === 0) break;
    for (const { id, project_id } of found) {
      const project = `/api/0/projects/${encodeURIComponent(organization)}/${encodeURIComponent(project_id)}`;
      await client.send('DELETE', `${project}/replays/${encodeURIComponent(id)}/`);
      watched.add(id);
    }
  }
  return { issues: gone.size, replays: watched.size, shared: [...shared] };
}
