import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problem, Refusal, Unavailable } from './problem';

type Validation = NonNullable<FastifyError['validation']>[number];

/** Name of the field that a schema error is about: `players.1`, or the missing or surplus one itself. */
function fieldOf({ instancePath, params }: Validation): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  const named = params.missingProperty ?? params.additionalProperty;
  return [path, named].filter((part) => typeof part === 'string' && part !== '').join('.');
}

/** What was expected of the field, in words where the schema's own are a regular expression or a bare "enum". */
function expectation({ keyword, message, params }: Validation): string {
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not known here';
  return message ?? 'is not valid';
}

/** Answers any error of a route as `application/problem+json`; what the service did wrong itself stays inside. */
export function answerProblem(error: FastifyError | Refusal, _request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  if (error instanceof Unavailable) reply.header('Retry-After', '1');
  const body = () => {
    if (error instanceof Refusal) return problem(status, error.message, error.field);
    const [first] = error.validation ?? [];
    if (first) {
      const field = fieldOf(first) || error.validationContext || 'body';
      return problem(400, `${field} ${expectation(first)}`, field);
    }
    if (status < 500) return problem(status, error.message, 'body');
    return problem(500, 'The service failed to answer this request');
  };
  return reply.code(status).type(PROBLEM_TYPE).send(body());
}

/** Answers a path that no route serves. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  const detail = `Nothing answers ${request.method} ${request.url.replace(/\?.*$/s, '').slice(0, 200)}`;
  return reply
    .code(404)
    .type(PROBLEM_TYPE)
    .send(problem(404, detail, 'path'));
}
