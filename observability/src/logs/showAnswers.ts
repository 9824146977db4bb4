import type { Answer } from './matchQuery';

/** How answers are written: for people, or a JSON object for each. */
export type AnswerFormat = 'text' | 'json';

/** Characters by which a line of a log could move the cursor, ring, or show another line than there is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function timeOf({ entry }: Answer): string {
  return new Date(Number(entry.nanos / 1_000_000n)).toISOString();
}

/** One answer as a program reads it. */
export function answerRecord(answer: Answer) {
  const { labels, metadata, nanos, line } = answer.entry;
  return { time: timeOf(answer), nanos: String(nanos), text: answer.text, labels, metadata, line };
}

/** Answers as text, a line each; a stack stands beneath its line. */
export function showAnswers(answers: readonly Answer[], format: AnswerFormat): string {
  return answers
    .map((answer) =>
      format === 'json'
        ? `${JSON.stringify(answerRecord(answer))}\n`
        : `${timeOf(answer)} ${answer.text.replace(UNSEEN, '\ufffd').replaceAll('\n', '\n    ')}\n`,
    )
    .join('');
}
