import type { MiddlewareHandler } from 'hono';
import { type ProblemResponse, respondWithProblem } from '../errors/index.ts';
import { readJsonBody } from '../read-json-body.ts';
import type { ParsedBody } from './task-fields.ts';

/** Declares to handlers (`c.req.valid()`) and to `hc` what a middleware has read. */
export interface ValidatedInput<Target extends string, In, Out = In> {
  readonly in: Readonly<Record<Target, In>>;
  readonly out: Readonly<Record<Target, Out>>;
}

/**
 * Creates a middleware that reads a JSON body. It responds with 415 to other content types, 400 to
 * malformed JSON and 422 to bodies that `parse` refuses. The last of duplicate names wins.
 * @param types accepted content types
 */
export function readJson<T>(
  parse: (input: unknown) => ParsedBody<T>,
  types: readonly string[],
): MiddlewareHandler<object, string, ValidatedInput<'json', T>, ProblemResponse<400 | 415 | 422>> {
  return async function readJson(c, next) {
    const read = await readJsonBody(c.req, types);
    if (!read.ok && read.status === 415) {
      const name = c.req.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post';
      const detail = `Send ${types.join(' or ')}, in UTF-8 and uncompressed.`;
      return respondWithProblem(c, 415, detail, { headers: { [name]: types.join(', ') } });
    }
    if (!read.ok) return respondWithProblem(c, 400, 'The body is not valid UTF-8 JSON.');
    const body = parse(read.value);
    if (!body.ok) {
      return respondWithProblem(c, 422, 'The task is not valid.', { errors: body.errors });
    }
    c.req.addValidatedData('json', body.value as object);
    return next();
  };
}
