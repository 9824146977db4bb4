import { carryRequest } from '../carriedRequest';
import type { Database, Sql } from '../database/database';
import { parseGameEvent } from '../gameEvent';
import { ballsLeft, type Game, type Step, tellOf } from '../gameRules';
import { type GameResult, type GameType, gameTypes, type Pot, type Session } from '../session';
import { keyTaken } from './keyTaken';
import { createSqlStats } from './sqlStats';
import type { Carried, Command, Storage } from './storage';

interface SessionRow {
  readonly id: string | number;
  readonly game_type: GameType;
  readonly status: Session['status'];
  readonly players: Session['players'];
  readonly pots: readonly Pot[];
  readonly turn: string;
  readonly version: number;
  readonly created_at: Date;
  readonly result: GameResult | null;
}

/** How long a claim holds where its process has gone, in SQL's words. */
const CLAIM = '30 seconds';
const KEPT = '7 days';

const COLUMNS = 'id, game_type, status, players, pots, turn, version, created_at, result';

function gameOf(row: SessionRow): Game {
  const { game_type: gameType, status, players, pots, turn, version, created_at, result } = row;
  const session = {
    ...{ id: Number(row.id), gameType, players, balls: ballsLeft(pots), turn, status },
    createdAt: created_at.toISOString(),
    ...(result ? { result } : {}),
  };
  return { session, pots, version };
}

async function tell(sql: Sql, { events }: Step): Promise<void> {
  const carried = JSON.stringify(carryRequest());
  for (const event of events) {
    await sql.query(
      'INSERT INTO game_events (event_id, session_id, event_type, player_id, ball, occurred_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [event.id, event.sessionId, event.type, event.playerId ?? null, event.ball ?? null, event.at],
    );
    await sql.query('INSERT INTO outbox (event, carried) VALUES ($1, $2)', [JSON.stringify(event), carried]);
  }
}

async function find(sql: Sql, id: number, lock = ''): Promise<Game | undefined> {
  const text = `SELECT ${COLUMNS} FROM game_sessions WHERE id = $1 ${lock}`;
  const [row] = await sql.query<SessionRow>(text, [id]);
  return row && gameOf(row);
}

/** What the command did when it came for the first time; nothing where it does now. */
async function replayed(sql: Sql, { key, text }: Command, id?: number): Promise<Step | undefined> {
  if (key === undefined) return undefined;
  const [before] = await sql.query<{ session_id: string | number; command: string }>(
    'SELECT session_id, command FROM game_commands WHERE key = $1',
    [key],
  );
  if (!before) return undefined;
  const sessionId = Number(before.session_id);
  if (before.command !== text || (id !== undefined && sessionId !== id)) throw keyTaken();
  const game = await find(sql, sessionId);
  return game && { game, events: [] };
}

async function remember(sql: Sql, { key, text }: Command, id: number): Promise<void> {
  if (key === undefined) return;
  await sql.query('INSERT INTO game_commands (key, session_id, command) VALUES ($1, $2, $3)', [
    ...[key, id, text],
  ]);
}

/** Two of one key at a time: the second waits for the first. */
async function lockKey(sql: Sql, { key }: Command): Promise<void> {
  if (key !== undefined) await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
}

/** Keeps games, their events, the outbox and the figures in a PostgreSQL that has been migrated. */
export function createSqlStorage(database: Database): Storage {
  return {
    games: {
      create: ({ gameType, players, createdAt }, command) =>
        database.transaction(async (sql) => {
          await lockKey(sql, command);
          const done = await replayed(sql, command);
          if (done) return done;
          const [row] = await sql.query<SessionRow>(
            `INSERT INTO game_sessions (game_type, status, players, pots, turn, version, created_at)
             VALUES ($1, 'playing', $2, '[]', 'p1', 1, $3) RETURNING ${COLUMNS}`,
            [gameType, JSON.stringify(players), createdAt],
          );
          if (!row) throw new Error('game_sessions: a row that was written did not come back');
          const game = gameOf(row);
          const step = { game, events: [tellOf(game.session, 'session_created', createdAt)] };
          await remember(sql, command, game.session.id);
          await tell(sql, step);
          return step;
        }),

      get: (id) => find(database, id),

      change: (id, command, decide) =>
        database.transaction(async (sql) => {
          await lockKey(sql, command);
          const game = await find(sql, id, 'FOR UPDATE');
          if (!game) return undefined;
          const done = await replayed(sql, command, id);
          if (done) return done;
          const step = decide(game);
          const { session, pots, version } = step.game;
          if (version !== game.version) {
            await sql.query(
              'UPDATE game_sessions SET status = $2, players = $3, pots = $4, turn = $5, version = $6, result = $7 WHERE id = $1',
              [
                ...[id, session.status, JSON.stringify(session.players), JSON.stringify(pots), session.turn],
                ...[version, session.result ? JSON.stringify(session.result) : null],
              ],
            );
          }
          await remember(sql, command, id);
          await tell(sql, step);
          return step;
        }),

      async list(limit, status) {
        const rows = await database.query<SessionRow>(
          `SELECT ${COLUMNS} FROM game_sessions WHERE $2::text IS NULL OR status = $2 ORDER BY id DESC LIMIT $1`,
          [limit, status ?? null],
        );
        return rows.map((row) => gameOf(row).session);
      },

      async countPlaying() {
        const rows = await database.query<{ game_type: GameType; playing: string | number }>(
          "SELECT game_type, count(*) AS playing FROM game_sessions WHERE status = 'playing' GROUP BY game_type",
        );
        return new Map(
          rows
            .filter(({ game_type: type }) => gameTypes.includes(type))
            .map(({ game_type: type, playing }) => [type, Number(playing)]),
        );
      },
    },

    outbox: {
      async claim(limit) {
        const rows = await database.query<{ id: string | number; event: unknown; carried: Carried }>(
          `UPDATE outbox SET claimed_until = now() + interval '${CLAIM}' WHERE id IN (
             SELECT id FROM outbox WHERE claimed_until < now() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
           ) RETURNING id, event, carried`,
          [limit],
        );
        return rows
          .flatMap(({ id, event, carried }) => {
            const parsed = parseGameEvent(event);
            return parsed ? [{ id: Number(id), event: parsed, carried }] : [];
          })
          .sort((a, b) => a.id - b.id);
      },
      async remove(ids) {
        if (ids.length > 0) await database.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [ids]);
      },
      async release(ids) {
        if (ids.length === 0) return;
        await database.query("UPDATE outbox SET claimed_until = '-infinity' WHERE id = ANY($1::bigint[])", [
          ids,
        ]);
      },
      async size() {
        const [row] = await database.query<{ size: string | number }>('SELECT count(*) AS size FROM outbox');
        return Number(row?.size ?? 0);
      },
    },

    stats: createSqlStats(database),
    health: database.health,

    async sweep() {
      await database.query(`DELETE FROM game_commands WHERE created_at < now() - interval '${KEPT}'`);
      await database.query(`DELETE FROM counted_events WHERE counted_at < now() - interval '${KEPT}'`);
    },
    close: () => database.close(),
  };
}
