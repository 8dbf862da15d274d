import type { MiddlewareHandler } from 'hono';
import { answerProblem, type ProblemResponse } from '../errors/problem.ts';
import { readJsonBody } from '../read-json-body.ts';
import type { ParsedBody } from './task-fields.ts';

/** Where what a middleware has read stands for the handler (`c.req.valid()`), and for `hc`. */
export interface Read<Target extends string, In, Out = In> {
  readonly in: Readonly<Record<Target, In>>;
  readonly out: Readonly<Record<Target, Out>>;
}

/**
 * Makes the middleware that reads a body. It answers 415 for another type of content, 400 for what is
 * no JSON in UTF-8 and 422 for what `parse` refuses. Of a name that comes twice the last value counts.
 * @param types of content that are taken
 */
export function readJson<T>(
  parse: (input: unknown) => ParsedBody<T>,
  types: readonly string[],
): MiddlewareHandler<object, string, Read<'json', T>, ProblemResponse<400 | 415 | 422>> {
  return async function readJson(c, next) {
    const read = await readJsonBody(c.req, types);
    if (!read.ok && read.status === 415) {
      const name = c.req.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post';
      const detail = `Send ${types.join(' or ')}, in UTF-8 and uncompressed.`;
      return answerProblem(c, 415, detail, { headers: { [name]: types.join(', ') } });
    }
    if (!read.ok) return answerProblem(c, 400, 'The body is no JSON text in UTF-8.');
    const body = parse(read.value);
    if (!body.ok) {
      return answerProblem(c, 422, 'Some of it does not fit a task.', { errors: body.errors });
    }
    c.req.addValidatedData('json', body.value as object);
    return next();
  };
}
