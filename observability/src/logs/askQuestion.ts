import type { Above, OneOf, Query } from './query';
import { commonParameters, type Parameter, type Question } from './question';
import { isQuestionName, questions } from './questions';

/** Parameters as a caller has them: of a command line, of a URL, or of code. */
export type Asked = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A parameter that does not do; the message names it, its value and what was expected. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}

const VALUES = 50;
const LENGTH = 1_000;

function fault(name: string, expected: string, got: unknown): ParameterError {
  return new ParameterError(`${name}: expected ${expected}, got ${JSON.stringify(got)}`);
}

function readNumber(name: string, given: unknown): number {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof number === 'number' && number >= 0 && number <= 1e9) return number;
  throw fault(name, 'a number from 0 to 1000000000', given);
}

function readTexts(name: string, given: string | number | readonly string[]): string[] {
  const values = Array.isArray(given) ? given.map(String) : [String(given)];
  const isRight = values.length > 0 && values.length <= VALUES;
  if (isRight && values.every((value) => value !== '' && value.length <= LENGTH)) return values;
  throw fault(name, `1 to ${VALUES} texts of 1 to ${LENGTH} characters`, given);
}

/** The question of this name. Throws a `ParameterError` that lists those that there are. */
export function findQuestion(name: string): Question {
  if (isQuestionName(name)) return questions[name];
  throw new ParameterError(
    `question: expected one of ${Object.keys(questions).join(', ')}, got ${JSON.stringify(name)}`,
  );
}

/** Every parameter that a question takes, its own behind those that all take. */
export function parametersOf(question: Question): Readonly<Record<string, Parameter>> {
  return { ...commonParameters, ...question.parameters };
}

/**
 * Fills a question's parameters in. Several values of one are alternatives. Throws a `ParameterError` for a name that the
 * question does not take and for a value that does not do.
 */
export function askQuestion(name: string, asked: Asked = {}): Query {
  const question = findQuestion(name);
  const parameters = parametersOf(question);
  const known = Object.keys(parameters);
  for (const given of Object.keys(asked)) {
    if (!known.includes(given)) throw fault('parameter', `one of ${known.join(', ')}`, given);
  }
  const labels: OneOf[] = [...question.always.labels];
  const fields: (OneOf | Above)[] = [...question.always.fields];
  const contains: string[] = [];
  for (const [parameter, { narrows, otherwise }] of Object.entries(parameters)) {
    const given = asked[parameter] ?? otherwise;
    if (given === undefined) continue;
    if ('above' in narrows) fields.push({ name: narrows.above, above: readNumber(parameter, given) });
    else if ('label' in narrows) labels.push({ name: narrows.label, values: readTexts(parameter, given) });
    else if ('field' in narrows) fields.push({ name: narrows.field, values: readTexts(parameter, given) });
    else contains.push(...readTexts(parameter, given));
  }
  const { whole = [], template } = question;
  return { labels, contains, fields, whole, template };
}
