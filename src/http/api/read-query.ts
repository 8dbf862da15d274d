import type { MiddlewareHandler } from 'hono';
import type { ParsedInput, TaskFilter, TaskRange } from '../../tasks/index.ts';
import { type ProblemError, type ProblemResponse, respondWithProblem } from '../errors/index.ts';
import { parseCursor } from './cursor.ts';
import type { ValidatedInput } from './read-json.ts';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

type Parsers<T> = { readonly [Name in keyof T]-?: (text: string) => ParsedInput<T[Name]> };

/** The requested part of the list. */
export type ListQuery = Omit<TaskRange, 'before'> & { readonly limit: number };

const completed = (text: string): ParsedInput<boolean> =>
  text === 'true' || text === 'false'
    ? { ok: true, value: text === 'true' }
    : { ok: false, message: 'Write true or false.' };

const limit = (text: string): ParsedInput<number> =>
  /^[1-9]\d*$/.test(text) && Number(text) <= MAX_LIMIT
    ? { ok: true, value: Number(text) }
    : { ok: false, message: `Write a whole number from 1 to ${MAX_LIMIT}.` };

const after = (text: string): ParsedInput<TaskRange['after']> => {
  const position = parseCursor(text);
  return position
    ? { ok: true, value: position }
    : {
        ok: false,
        message: 'Use the `Link` of the previous page; clients cannot create this value.',
      };
};

type CompletedText = { completed?: 'true' | 'false' };

/** Reads the requested part of the list, or responds with 422. Ignores unknown parameters. */
export const readListQuery = readQuery<
  CompletedText & { limit?: string; after?: string },
  ListQuery
>({ completed, limit, after }, { limit: DEFAULT_LIMIT });

/**
 * Reads the filter for tasks, or responds with 422, also to unknown parameters: a misspelled one must
 * not delete all tasks.
 */
export const readTaskFilter = readQuery<CompletedText, TaskFilter>({ completed }, {}, true);

function readQuery<In, Out extends object>(
  parsers: Parsers<Out>,
  defaults: Partial<Out>,
  isStrict = false,
): MiddlewareHandler<object, string, ValidatedInput<'query', In, Out>, ProblemResponse<422>> {
  return async function readQuery(c, next) {
    const value: Record<string, unknown> = { ...defaults };
    const errors: ProblemError[] = [];
    for (const [name, texts] of Object.entries(c.req.queries())) {
      if (!Object.hasOwn(parsers, name)) {
        if (isStrict) {
          const names = Object.keys(parsers).join(', ');
          errors.push({ detail: `Unknown parameter. Allowed here: ${names}.` });
        }
        continue;
      }
      const parsed: ParsedInput<unknown> =
        texts.length === 1
          ? parsers[name as keyof Out](texts[0] ?? '')
          : { ok: false, message: 'Use this parameter once.' };
      if (parsed.ok) value[name] = parsed.value;
      else errors.push({ parameter: name, detail: parsed.message });
    }
    if (errors.length > 0) {
      return respondWithProblem(c, 422, 'The query is not valid.', { errors });
    }
    c.req.addValidatedData('query', value);
    return next();
  };
}
