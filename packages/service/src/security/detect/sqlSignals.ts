import type { NormalText } from './normalise';
import { matching, type Rule, type Signal } from './rule';

const OPERATOR = String.raw`(?:or|and|xor|\|\||&&)`;
/** A value given out as a constant: what a condition of an attack is made of, and one of prose is not. */
const CONSTANT = String.raw`(?:['"][^'"]{0,40}['"]?|0x[\da-f]{1,40}|-?\d{1,20}(?:\.\d{1,20})?|true|false|null|char\(\d)`;
const OPERAND = String.raw`[('" ]{0,4}[\w%.@()]{0,40}['")]{0,3}`;
const COMPARES = '(?: ?(?:=|<>|!=|<=?|>=?) ?| (?:not )?(?:r?like|regexp|between|is(?: not)?) )';
/** The first quote of a text: it ends the app's own, where the second ends the text's. */
const BREAK = String.raw`^[^'"]{0,120}['"]\){0,4} ?`;
/** The parameter that the attacker has taken the place of: nothing, a number, a short word. */
const PARAMETER = String.raw`^(?:[\w.@=%-]{0,40}['"]\){0,4}|(?:\w{1,20}=)?-?\d{1,12}\){0,4})`;
/** Functions that attacks call in a condition: to read letter by letter, to have an error say it, to be kept waiting. */
const READS =
  '(?:select|exists|ascii|ord|substr(?:ing)?|mid|char|chr|hex|length|extractvalue|updatexml|gtid_sub(?:set|tract)|json_keys|xmltype|version|database|user|current_(?:user|setting|database)|concat|if|iif|case|cast|convert|elt|sleep|randomblob|load_(?:file|extension)|pg_(?:sleep|read_file|ls_dir)|lo_import|(?:query|database)_to_xml|(?:dbms|utl|ctxsys)_?\\w{0,20}\\.\\w{1,30})';
const STATEMENT = [
  String.raw`drop (?:table|database|schema|view|index|user|role|function|trigger|sequence)\b`,
  String.raw`delete from \w`,
  String.raw`insert into \w{1,64} ?(?:\(|values)`,
  String.raw`update \w{1,64} set \w{1,64} ?=`,
  String.raw`truncate (?:table )?\w{1,64} ?(?:;|--|$)`,
  String.raw`alter (?:table|user|role|system|database|login) \w`,
  String.raw`create (?:or replace )?(?:table|user|role|login|function|trigger|view|extension|database|procedure) \w`,
  String.raw`grant \w[\w, ]{0,60} (?:on|to) \w`,
  String.raw`revoke \w[\w, ]{0,60} (?:on|from) \w`,
  String.raw`(?:replace|merge) into \w`,
  String.raw`(?:attach database|load data (?:local )?infile|rename table|set (?:role|password|session authorization)|pragma) ?\w`,
  String.raw`exec(?:ute)?[ (](?:xp_|sp_|master|immediate|\()`,
  'shutdown ?(?:;|--|$)',
  'declare @',
  'waitfor delay',
  String.raw`call \w{1,64} ?\(`,
  String.raw`select (?:\*|@@|\w{1,64} ?\(|[\w, ]{1,60} from )`,
  String.raw`copy (?:\w{1,64}|\() ?(?:select|from|to) ?`,
].join('|');
const ENDS_IN_COMMENT = String.raw`(?:--|#|\/\*)[ +-]{0,4}$`;

export const sqlRules: readonly Rule[] = [
  {
    name: 'quote_then_condition',
    score: 5,
    pattern: new RegExp(`${BREAK}${OPERATOR} ?(?:not )?${OPERAND}${COMPARES}\\(?${CONSTANT}`),
  },
  {
    name: 'quote_then_list',
    score: 5,
    pattern: new RegExp(`${BREAK}${OPERATOR} ?${OPERAND} (?:not )?in ?\\(`),
  },
  {
    name: 'quote_then_true',
    score: 5,
    pattern: new RegExp(`${BREAK}${OPERATOR} (?:true|\\d{1,20}) ?(?:--|#)`),
  },
  {
    // People leave spaces around `=`, and what they compare is seldom twice the same.
    name: 'number_then_condition',
    score: 5,
    pattern: new RegExp(
      `^-?\\d{1,12}\\){0,4} ?${OPERATOR} (?:not )?\\(?(?:${CONSTANT}(?:[-+*/]\\d{1,20})?\\)?(?:=|<>|!=|<|>)\\(?${CONSTANT}|(${CONSTANT})(?: ?= ?| like )\\1(?!\\w))`,
    ),
  },
  {
    name: 'parameter_then_subquery',
    score: 5,
    pattern: new RegExp(`(?:${PARAMETER} ?|^)${OPERATOR} ?[^ ].{0,80}?\\( ?select .{0,80}?(?: from |\\(|@@)`),
  },
  {
    name: 'parameter_then_compared_reading',
    score: 5,
    pattern: new RegExp(
      `${PARAMETER} ?${OPERATOR} (?:not )?[('"]{0,2}\\w{0,20}['")]{0,2} ?(?:=|<>|<|>) ?${READS} ?\\(`,
    ),
  },
  {
    name: 'condition_without_begin',
    score: 5,
    pattern: new RegExp(`^${OPERATOR} ?\\( ?select .{0,80}? from `),
  },
  {
    name: 'parameter_then_reading',
    score: 5,
    pattern: new RegExp(
      `${PARAMETER} ?(?:${OPERATOR}|\\+|r?like|regexp|=) ?(?:not )?[( ]{0,4}${READS} ?[( ]`,
    ),
  },
  {
    name: 'parameter_then_comment',
    score: 5,
    pattern: new RegExp(`^[\\w@.=-]{0,40}['"]\\){0,4};? ?${ENDS_IN_COMMENT}`),
  },
  {
    name: 'parameter_then_statement',
    score: 5,
    pattern: new RegExp(`(?:^[^;'"]{0,60}['"]|^[\\w.-]{1,40})\\){0,4} ?; ?(?:${STATEMENT})`),
  },
  {
    // A column to order by, with more behind it.
    name: 'column_then_subquery',
    score: 5,
    pattern:
      /^[\w.]{1,40}(?: asc| desc)? ?, ?\(? ?(?:case when .{1,80}? then |if ?\(|\(? ?select .{1,80}? from )/,
  },
  {
    name: 'quote_then_operators',
    score: 5,
    pattern: new RegExp(`${BREAK}${OPERATOR} ?\\(? ?\\d{1,20} ?\\)? ?${OPERATOR} ?\\(?['"\\d]`),
  },
  {
    name: 'parameter_then_order',
    score: 5,
    pattern: new RegExp(`${PARAMETER} order by \\d{1,3} ?(?:--|#|$)`),
  },
  {
    name: 'parameter_then_union',
    score: 4,
    pattern: new RegExp(
      `${PARAMETER} ?(?:limit \\d{1,10}(?:(?: offset|,) ?\\d{1,10})? )?union (?:all |distinct )?select`,
    ),
  },
  { name: 'union_select', score: 2, pattern: /\bunion (?:all |distinct )?select\b/ },
  {
    name: 'union_of_constants',
    score: 3,
    pattern:
      /\bunion (?:all |distinct )?select (?:null|\d{1,20}|@@|'|0x|concat|group_concat|load_file|version ?\(|user ?\(|database ?\()/,
  },
  {
    name: 'waits',
    score: 5,
    pattern:
      /(?:\b(?:and|or|xor|select|then|r?like)\b|\|\||['"][);]{0,3}|^\){0,8};) ?\(? ?(?:select ?\(? ?)?(?:(?:pg_)?sleep ?\(\d|benchmark ?\(\d)/,
  },
  {
    name: 'waits_otherwise',
    score: 5,
    pattern:
      /waitfor delay ?'|\bfrom pg_sleep ?\(|\b(?:if|elt) ?\([^;{]{0,80}?, ?(?:(?:pg_)?sleep|benchmark) ?\(\d/,
  },
  { name: 'having_constant', score: 4, pattern: /\bhaving \d{1,20} ?= ?\d{1,20}/ },
  {
    name: 'reaches_out',
    score: 3,
    pattern:
      /\bxp_cmdshell ?[('"]|\bload_file ?\(|\binto (?:out|dump)file ?['"]|\b(?:extractvalue|updatexml) ?\(/,
  },
  { name: 'quote_then_file', score: 3, pattern: /^[\w.@-]{0,40}['"]\){0,4} into (?:out|dump)file/ },
  { name: 'procedure_analyse', score: 5, pattern: /^\S{1,40} procedure analyse ?\(/ },
  {
    name: 'catalogue',
    score: 2,
    pattern:
      /\b(?:information_schema|sys(?:objects|columns|users)|sqlite_(?:master|schema)|pg_(?:catalog|roles|user|shadow|authid|tables)|mysql\.user|(?:all|user)_tables)\b/,
  },
  { name: 'quoted_operator', score: 5, pattern: /^(['"])[=+*|&^-]{1,2}\1(?:\1?(?:or|and)\1?)?$/ },
  { name: 'ends_in_comment', score: 1, pattern: new RegExp(`^[^ ]{0,60}['"\\d].{0,2000}${ENDS_IN_COMMENT}`) },
];

/** One of these is in all that is found: most texts with a quote in them need not be tried further. */
const MAY_HOLD =
  /\b(?:or|and|xor|r?like|regexp|union|having|procedure|delay|into|order by|sleep|benchmark|select|case when)\b|\|\||&&|--|['"\w]\)* ?; ?[a-z]{3}|['"]\)*;? ?(?:#|\/\*)|^['"][=+*|&^-]/;

/** Who sends a whole statement shows it to somebody; an attacker has to begin inside of one. */
const WHOLE_STATEMENT = /^(?:select|insert|update|delete|create|alter|drop|truncate|explain|with|begin)\b/;

export function sqlSignals({ sql }: NormalText): Signal[] {
  if (!MAY_HOLD.test(sql)) return [];
  const signals = matching(sqlRules, sql);
  return signals.length > 0 && WHOLE_STATEMENT.test(sql)
    ? [...signals, { name: 'whole_statement', score: -3 }]
    : signals;
}
