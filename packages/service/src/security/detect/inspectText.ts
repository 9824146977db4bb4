import { commandSignals } from './commandSignals';
import { type NormalText, normalise } from './normalise';
import { isProbed, pathSteps, probeSignals } from './probeSignals';
import { proseWords } from './prose';
import type { AttackKind, Signal } from './rule';
import { sqlSignals } from './sqlSignals';
import { traversalSignals } from './traversalSignals';
import { xssSignals } from './xssSignals';

/** What a text looks like. */
export interface Suspicion {
  readonly kind: AttackKind;
  /** The sum of its signals. From `SUSPICIOUS` on it is told of. */
  readonly score: number;
  /** Names of the rules that held; never a part of the text. */
  readonly signals: readonly string[];
}

/** The score from which on a text is suspicious. */
export const SUSPICIOUS = 5;

/** The score from which on several signs say the same, and a request may be refused for it. */
export const REFUSE_SCORE = 8;

/** How much of a text is looked at, in UTF-16 units: its beginning, and its end, where it is longer. */
const HEAD = 4_096;
const TAIL = 1_024;

/** So many words around a sign make it something that is talked about. */
const PROSE_WORDS = 4;
const PROSE_DISCOUNT = 4;

/** Most of what is sent: a number, an identifier, a word. */
const WORD = /^\w*$/;
/** What none of the rules could hold for, unless there is one of `SIGNS` in it: words, numbers, simple punctuation. */
const PLAIN = /^[^'"<>;|&`$%\\(){}=:#*+/\u00ad\u200b-\u200f\ufe50-\ufe6f\uff00-\uffef\r\n]*$/;
const SIGNS = /\.\.|--|union|procedure|order by|sleep/i;
/** The same of a path. */
const PLAIN_PATH = /^[\w/-]*$/;

function shorten(text: string): string {
  return text.length > HEAD + TAIL ? `${text.slice(0, HEAD)} ${text.slice(-TAIL)}` : text;
}

function sum(signals: readonly Signal[]): number {
  return signals.reduce((total, { score }) => total + score, 0);
}

function strongest(found: readonly (readonly [AttackKind, readonly Signal[]])[]) {
  let best: { kind: AttackKind; score: number; signals: readonly Signal[] } | undefined;
  for (const [kind, signals] of found) {
    const score = sum(signals);
    if (score > (best?.score ?? 0)) best = { kind, score, signals };
  }
  return best;
}

function isTalkedAbout(text: NormalText): boolean {
  return text.flat.includes('```') || proseWords(text.flat.replace(/<[^<>]{0,200}>/g, ' ')) >= PROSE_WORDS;
}

/**
 * Tells what attack a value that somebody sent looks like, if any. A sign that stands alone in words of a language, or in
 * a fenced block of Markdown, is taken for something that is talked about. Linear in the text, of which it looks at 5 KiB at
 * the most; never throws. This watches, it does not protect: parameters in SQL and escaping in HTML do.
 */
export function inspectText(raw: string): Suspicion | undefined {
  if (WORD.test(raw)) return undefined;
  const short = shorten(raw);
  if (PLAIN.test(short) && !SIGNS.test(short)) return undefined;
  const text = normalise(short);
  const best = strongest([
    ['sql_injection', sqlSignals(text)],
    ['xss', xssSignals(text)],
    ['path_traversal', traversalSignals(text)],
    ['command_injection', commandSignals(text)],
  ]);
  if (!best || best.score < SUSPICIOUS) return undefined;
  const score = isTalkedAbout(text) ? best.score - PROSE_DISCOUNT : best.score;
  if (score < SUSPICIOUS) return undefined;
  return { kind: best.kind, score, signals: best.signals.map(({ name }) => name) };
}

/** The same of the path of a request, without its query: whether it leaves the root, or asks for what nobody links to. */
export function inspectPath(raw: string): Suspicion | undefined {
  if (PLAIN_PATH.test(raw) && !isProbed(raw.toLowerCase())) return undefined;
  const text = normalise(shorten(raw));
  const best = strongest([
    ['data_probe', probeSignals(text)],
    ['path_traversal', [...traversalSignals(text), ...pathSteps(text)]],
  ]);
  if (!best || best.score < SUSPICIOUS) return undefined;
  return { kind: best.kind, score: best.score, signals: best.signals.map(({ name }) => name) };
}
