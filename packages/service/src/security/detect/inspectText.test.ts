import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandRules } from './commandSignals';
import { inspectPath, inspectText } from './inspectText';
import { probeRules } from './probeSignals';
import { sqlRules } from './sqlSignals';
import { traversalRules } from './traversalSignals';
import { squeezedXssRules, xssRules } from './xssSignals';

describe('a text', () => {
  it.each([
    'select a table',
    'cat',
    "O'Reilly",
    'drop the ball; then update the score',
    '1=1 as we say',
    'Удали из таблицы мою игру; потом обнови счёт',
    "SELECT name FROM players WHERE id = 1 OR name = 'Anna'",
    'cd src; ls -la | wc -l',
    "Use parameters, so that ' OR '1'='1 does no harm",
    '```sql\nDROP TABLE temp; SELECT 1;\n```',
  ])('is not suspicious that people write: %s', (text) => {
    expect(inspectText(text)).toBeUndefined();
  });

  it.each([
    ['sql_injection', "' OR '1'='1"],
    ['sql_injection', '1 UNION SELECT login, password FROM users--'],
    ['xss', '<img src=x onerror=alert(1)>'],
    ['path_traversal', '../../../etc/passwd'],
    ['command_injection', '; cat /etc/passwd'],
  ])('is given its kind: %s', (kind, text) => {
    expect(inspectText(text)).toMatchObject({ kind });
  });

  it.each([
    ['percent-encoded', '%27%20OR%20%271%27%3D%271'],
    ['percent-encoded twice', '%2527%2520OR%2520%25271%2527%253D%25271'],
    ['as entities', '&#39; OR &#x27;1&#39;=&apos;1'],
    ['as escapes', '\\u0027 OR \\x271\\x27=\\x271'],
    ['in full-width letters', '＇　ＯＲ　＇１＇＝＇１'],
    ['with invisible letters', "' O\u200bR '1\u00ad'='1"],
    ['with comments', "'/**/OR/*x*/'1'='1"],
    ['in MySQL’s comments', "' /*!50000OR*/ '1'='1"],
  ])('is found out when it hides: %s', (_, text) => {
    expect(inspectText(text)).toMatchObject({ kind: 'sql_injection' });
  });

  it('is looked at at its beginning and at its end, however long it is', () => {
    const tag = '<script>alert(1)</script>';
    expect(inspectText(`${tag}${' '.repeat(100_000)}`)).toMatchObject({ kind: 'xss' });
    expect(inspectText(`${'-'.repeat(100_000)}${tag}`)).toMatchObject({ kind: 'xss' });
  });

  it('is a path that goes up further than any import does', () => {
    expect(inspectText('../../../../../srv/game/notes.txt')).toMatchObject({ kind: 'path_traversal' });
    expect(inspectText('../../../../shared/types')).toBeUndefined();
  });

  it('tells of rules, and not of what was sent', () => {
    const { signals = [] } = inspectText("hunter2' OR 'hunter2'='hunter2") ?? {};
    expect(signals).toContain('quote_then_condition');
    expect(signals.join()).not.toContain('hunter2');
  });

  it('never makes it throw, and says the same each time', () => {
    const pieces = fc.constantFrom(
      "'",
      '%27',
      '%',
      '%c0%af',
      '&#',
      '&#99999999;',
      '\\u',
      '<a ',
      '../',
      ';',
      '$(',
      '\0',
      '\ud800',
      'union select ',
      '/*',
      '{{',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (raw) => {
        expect(inspectText(raw)).toEqual(inspectText(raw));
        inspectPath(raw);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes time in proportion to its length, whatever it repeats', () => {
    const pieces = [
      '<a ',
      '<script ',
      '{{',
      "' or ",
      "'a'=",
      '/*',
      '/*!',
      '../',
      '%25',
      '&#x41;',
      '; ',
      '$(',
    ];
    const more = [
      '`',
      '(',
      '\n',
      'union select ',
      '1 or 1',
      '"on',
      'nc -a ',
      '${lower',
      "''",
      ' ',
      'a.',
      '\u200b',
    ];
    const cpuOf = (text: string): number => {
      let least = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 5; round++) {
        const { user, system } = process.cpuUsage();
        for (let again = 0; again < 10; again++) inspectText(text);
        const used = process.cpuUsage();
        least = Math.min(least, used.user + used.system - user - system);
      }
      return least;
    };
    for (const piece of [...pieces, ...more]) {
      const text = piece.repeat(Math.ceil(5_000 / piece.length)).slice(0, 5_000);
      // What is quadratic takes 25 times as long for five times the text. Another test's load may fall into one measurement.
      const isLinear = [1, 2, 3, 4].some(() => cpuOf(text) < 15 * (cpuOf(text.slice(0, 1_000)) + 200));
      expect(isLinear, piece).toBe(true);
    }
  });
});

describe('a rule', () => {
  const rules = [
    ...sqlRules,
    ...xssRules,
    ...squeezedXssRules,
    ...traversalRules,
    ...commandRules,
    ...probeRules,
  ];

  it.each(rules.map(({ name, pattern }) => [name, pattern.source]))(
    'has a bound to all it repeats: %s',
    (_, source) => {
      const bare = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
      expect(bare).not.toMatch(/[*+]|\{\d+,\}/);
    },
  );
});

describe('the path of a request', () => {
  it.each([
    '/.env',
    '/.git/config',
    '/wp-login.php',
    '/%2eenv',
    '/backup.sql',
    '/actuator/env',
    '/PhpMyAdmin/',
  ])('is a probe: %s', (path) => {
    expect(inspectPath(path)).toMatchObject({ kind: 'data_probe' });
  });

  it.each([
    '/',
    '/api/sessions/42',
    '/.well-known/security.txt',
    '/docs/git/config',
    '/environment',
    '/u/O%27Reilly',
  ])('is none: %s', (path) => {
    expect(inspectPath(path)).toBeUndefined();
  });

  it('leaves the root by no encoding', () => {
    for (const path of ['/a/../../b', '/a/%2e%2e/%2e%2e/b', '/a/..%255c..%255cb', '/a/..;/b']) {
      expect(inspectPath(path), path).toMatchObject({ kind: 'path_traversal' });
    }
  });
});
