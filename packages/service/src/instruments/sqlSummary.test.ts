import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSqlSummary } from './sqlSummary';

const summary = createSqlSummary();
const told = (sql: string): string => `${summary(sql).queryType} ${summary(sql).table}`;

describe('the type and table of a statement', () => {
  it.each([
    ['select * from game_sessions where id = $1', 'SELECT game_sessions'],
    ['SELECT count(*) FROM public.Players p JOIN teams t ON true', 'SELECT players'],
    ['SELECT * FROM "Game Sessions"', 'SELECT other'],
    ['SELECT * FROM "Sessions"', 'SELECT Sessions'],
    ['SELECT * FROM stats.daily', 'SELECT stats.daily'],
    ['SELECT 1', 'SELECT none'],
    ['SELECT extract(epoch FROM created_at), trim(both from name) FROM shots', 'SELECT shots'],
    ['SELECT extract(epoch FROM now())', 'SELECT none'],
    ['SELECT a IS DISTINCT FROM b FROM shots', 'SELECT shots'],
    ['SELECT EXISTS (SELECT 1 FROM shots WHERE id = $1)', 'SELECT shots'],
    ['SELECT * FROM (SELECT * FROM shots) s', 'SELECT shots'],
    ['SELECT * FROM generate_series(1, 10)', 'SELECT none'],
    ['(SELECT id FROM a) UNION (SELECT id FROM b)', 'SELECT a'],
    ['INSERT INTO game_events(type, at) VALUES ($1, now())', 'INSERT game_events'],
    ['INSERT INTO game_events SELECT * FROM old_events', 'INSERT game_events'],
    ['UPDATE ONLY game_sessions SET state = $1', 'UPDATE game_sessions'],
    ['DELETE FROM game_sessions USING x WHERE true', 'DELETE game_sessions'],
    ['WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone', 'INSERT b'],
    ['WITH recent AS (SELECT * FROM shots), x(y) AS (SELECT 1) SELECT * FROM recent', 'SELECT shots'],
    ['MERGE INTO scores s USING shots ON true WHEN MATCHED THEN DO NOTHING', 'MERGE scores'],
    ['CREATE TABLE IF NOT EXISTS shots (id int)', 'CREATE shots'],
    ['DROP TABLE shots', 'DROP shots'],
    ['TRUNCATE TABLE shots', 'TRUNCATE shots'],
    ['COPY shots FROM STDIN', 'COPY shots'],
    ['begin', 'BEGIN none'],
    ['START TRANSACTION', 'BEGIN none'],
    ['END', 'COMMIT none'],
    ['-- SELECT 1 FROM a\n/* from /* nested */ b */ SELECT 1 FROM c', 'SELECT c'],
    ['EVIL secret', 'other none'],
    ['', 'other none'],
    ["SELECT 'x FROM secret' FROM shots", 'SELECT shots'],
    ['SELECT $q$ FROM secret $q$ FROM shots', 'SELECT shots'],
  ])('of %s', (sql, expected) => expect(told(sql)).toBe(expected));
});

describe('the text of a statement', () => {
  it.each([
    ["SELECT * FROM a WHERE name = 'O''Reilly' AND n=42", 'SELECT * FROM a WHERE name = ? AND n = ?'],
    ["SELECT E'a\\'b', $$c$$, $t$d$t$, x'1F', 1.5e-3, .5", 'SELECT ?, ?, ?, ?, ?, ?'],
    ['SELECT * FROM t2 WHERE id = $1 -- secret', 'SELECT * FROM t2 WHERE id = $1'],
    ["SELECT 'never closed", 'SELECT ?'],
    ['SELECT $a$ never closed $b$', 'SELECT ?'],
    ['SELECT 1 /* secret', 'SELECT ?'],
    ['SELECT\n  id::text\nFROM\ta', 'SELECT id::text FROM a'],
  ])('of %s', (sql, expected) => expect(summary(sql).text).toBe(expected));

  it('never shows a quoted value, whatever it is and wherever it stands', () => {
    const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(3), (value, place) => {
        const marked = `secret${value}`;
        const sql = [
          `SELECT ${quote(marked)} FROM shots`,
          `INSERT INTO shots VALUES (1, ${quote(marked)})`,
          `/* a */ UPDATE shots SET x=${quote(marked)} WHERE y=${quote(marked)}`,
          `DELETE FROM shots WHERE x IN (${quote(marked)}, ${quote(marked)})`,
        ][place];
        const { table, text } = createSqlSummary()(sql ?? '');
        expect(table).toBe('shots');
        expect(text).not.toContain('secret');
      }),
    );
  });

  it('answers for any text at all, in one of the types', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (sql) => {
        const { queryType, table, text } = createSqlSummary()(sql);
        expect(queryType).toMatch(/^(?:[A-Z]+|other)$/);
        expect(table.length).toBeLessThan(64);
        expect(text.length).toBeLessThanOrEqual(1_000);
      }),
    );
  });

  it('shortens what is long, and is not slow where nothing is closed', () => {
    expect(summary(`SELECT ${'a, '.repeat(10_000)} b FROM shots`).text).toHaveLength(1_000);
    for (const piece of ["'", '"', '$a$', '/*', '(', '$', "E'\\"]) summary(piece.repeat(20_000));
  });
});

it('remembers the statements that it has seen, but not all for ever', () => {
  const one = createSqlSummary();
  const first = one('SELECT 0 FROM a');
  expect(one('SELECT 0 FROM a')).toBe(first);
  for (let i = 1; i <= 1_000; i++) one(`SELECT ${i} FROM a`);
  expect(one('SELECT 0 FROM a')).not.toBe(first);
});
