import type { Database } from '../database/database';
import type { GameType } from '../session';
import type { StatsBook } from './storage';

interface StatsRow {
  readonly game_type: GameType;
  readonly sessions_created: string | number;
  readonly sessions_finished: string | number;
  readonly balls_potted: string | number;
}

const columnOf = {
  session_created: 'sessions_created',
  session_finished: 'sessions_finished',
  ball_potted: 'balls_potted',
} as const;

/** Figures of all games in the table `game_stats`; what is in them is remembered by its id in the same transaction. */
export function createSqlStats(database: Database): StatsBook {
  return {
    count: ({ id, type, gameType }) =>
      database.transaction(async (sql) => {
        const isNew = await sql.query(
          'INSERT INTO counted_events (event_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING event_id',
          [id],
        );
        if (isNew.length === 0) return false;
        const column = columnOf[type];
        await sql.query(
          `INSERT INTO game_stats (game_type, ${column}) VALUES ($1, 1)
           ON CONFLICT (game_type) DO UPDATE SET ${column} = game_stats.${column} + 1`,
          [gameType],
        );
        return true;
      }),
    async read() {
      const rows = await database.query<StatsRow>(
        'SELECT game_type, sessions_created, sessions_finished, balls_potted FROM game_stats ORDER BY game_type',
      );
      return rows.map((row) => ({
        gameType: row.game_type,
        sessionsCreated: Number(row.sessions_created),
        sessionsFinished: Number(row.sessions_finished),
        ballsPotted: Number(row.balls_potted),
      }));
    },
  };
}
