/** Words that say nothing about whether a text is prose: those of SQL, shells, scripts, and the names of columns and tables. */
const TECHNICAL = new Set(
  (
    'select union all distinct from where and or null in like between having group order by limit insert into values update set ' +
    'delete drop table tables database alter add column create truncate exec execute declare shutdown waitfor delay case when then else end as ' +
    'grant revoke privileges role view index function trigger schema with on to offset join replace into identified ' +
    'exists count user users admin admins password pass login name email id accounts int varchar true false ' +
    'cat ls rm id sh bash curl wget nc ping sleep echo chmod whoami uname python perl etc passwd tmp bin ' +
    'script alert img src svg onerror onload iframe document cookie'
  ).split(' '),
);

const WORD = /^["'(«“]{0,2}\p{L}[\p{L}’'-]*[.,;:!?)"'»”…]{0,3}$/u;

/**
 * How many different words of a language a text has. Who writes about attacks writes around them; who attacks does not: a
 * text with several words is not taken for an attack by one sign alone.
 */
export function proseWords(text: string): number {
  const words = new Set<string>();
  for (const token of text.split(' ')) {
    if (token.length >= 48 || !WORD.test(token)) continue;
    const word = token.replace(/[^\p{L}]/gu, '');
    if (!TECHNICAL.has(word)) words.add(word);
  }
  return words.size;
}
