import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspectPath, inspectText, REFUSE_SCORE, type Suspicion } from '../detect/inspectText';

/** `tuning` is what the rules were made with; the others were written before a change of the rules, to measure it by. */
export const parts = ['tuning', 'heldOut', 'fresh', 'second', 'third'] as const;
export type Part = (typeof parts)[number];

interface Line {
  /** The kind of the attack, or `ordinary`. */
  readonly kind: string;
  readonly isPath: boolean;
  readonly text: string;
}

/** What a part of the sample says of the rules. */
export interface Measure {
  readonly attacks: number;
  readonly ordinary: number;
  /** The part of the attacks that was found, from 0 to 1. */
  readonly recall: number;
  /** The part of what was found that are attacks, from 0 to 1. */
  readonly precision: number;
  /** The part of the attacks found that were given their kind, from 0 to 1. */
  readonly kindRight: number;
  readonly recallByKind: Readonly<Record<string, number>>;
  readonly missed: readonly string[];
  readonly wronged: readonly string[];
  /** What the Fastify plugin would answer 400 to with `refuse`: the part of the attacks, and the ordinary lines. */
  readonly refused: number;
  readonly ordinaryRefused: readonly string[];
}

/** Lines are `kind⇥text`, or `kind@path⇥path` for the path of a request; `⏎` is a line break. */
function readLines(name: string): Line[] {
  const path = fileURLToPath(new URL(`./${name}.txt`, import.meta.url));
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [kind = '', place] = line.slice(0, tab).split('@');
      const isOrdinary = kind === 'text' || kind === 'path';
      return {
        kind: isOrdinary ? 'ordinary' : kind,
        isPath: kind === 'path' || place === 'path',
        text: line.slice(tab + 1).replaceAll('⏎', '\n'),
      };
    });
}

export function readSample(part: Part): Line[] {
  return [...readLines(`${part}.attacks`), ...readLines(`${part}.ordinary`)];
}

function inspect({ isPath, text }: Line): Suspicion | undefined {
  if (!isPath) return inspectText(text);
  const [path = '', query] = text.split('?', 2);
  return inspectPath(path) ?? (query === undefined ? undefined : inspectText(query));
}

function isRefused(suspicion: Suspicion | undefined): boolean {
  return suspicion !== undefined && suspicion.score >= REFUSE_SCORE;
}

/** Runs the rules over a part of the sample. */
export function measure(part: Part): Measure {
  const judged = readSample(part).map((line) => ({ line, suspicion: inspect(line) }));
  const attacks = judged.filter(({ line }) => line.kind !== 'ordinary');
  const ordinary = judged.filter(({ line }) => line.kind === 'ordinary');
  const found = attacks.filter(({ suspicion }) => suspicion);
  const wronged = ordinary.filter(({ suspicion }) => suspicion);
  const kinds = [...new Set(attacks.map(({ line }) => line.kind))];
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return {
    attacks: attacks.length,
    ordinary: ordinary.length,
    recall: share(found.length, attacks.length),
    precision: share(found.length, found.length + wronged.length),
    kindRight: share(
      found.filter(({ line, suspicion }) => suspicion?.kind === line.kind).length,
      found.length,
    ),
    recallByKind: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        share(
          found.filter(({ line }) => line.kind === kind).length,
          attacks.filter(({ line }) => line.kind === kind).length,
        ),
      ]),
    ),
    missed: attacks.filter(({ suspicion }) => !suspicion).map(({ line }) => `${line.kind}\t${line.text}`),
    refused: share(attacks.filter(({ suspicion }) => isRefused(suspicion)).length, attacks.length),
    ordinaryRefused: ordinary.filter(({ suspicion }) => isRefused(suspicion)).map(({ line }) => line.text),
    wronged: wronged.map(({ line, suspicion }) => `${suspicion?.kind}\t${line.text}`),
  };
}
