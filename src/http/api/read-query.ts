import type { MiddlewareHandler } from 'hono';
import type { Parsed } from '../../tasks/parsed.ts';
import type { TaskFilter, TaskRange } from '../../tasks/task-store.ts';
import { answerProblem, type ProblemError, type ProblemResponse } from '../errors/problem.ts';
import { parseCursor } from './cursor.ts';
import type { Read } from './read-json.ts';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

type Parsers<T> = { readonly [Name in keyof T]-?: (text: string) => Parsed<T[Name]> };

/** What of the list is asked for. */
export type ListQuery = TaskRange & { readonly limit: number };

const completed = (text: string): Parsed<boolean> =>
  text === 'true' || text === 'false'
    ? { ok: true, value: text === 'true' }
    : { ok: false, message: 'Write true or false.' };

const limit = (text: string): Parsed<number> =>
  /^[1-9]\d*$/.test(text) && Number(text) <= MAX_LIMIT
    ? { ok: true, value: Number(text) }
    : { ok: false, message: `Write a whole number from 1 to ${MAX_LIMIT}.` };

const after = (text: string): Parsed<TaskRange['after']> => {
  const place = parseCursor(text);
  return place
    ? { ok: true, value: place }
    : { ok: false, message: 'Follow the link of the page before; do not write this yourself.' };
};

type CompletedText = { completed?: 'true' | 'false' };

/** Reads which part of the list is asked for, or answers 422. Other parameters are left alone. */
export const readListQuery = readQuery<
  CompletedText & { limit?: string; after?: string },
  ListQuery
>({ completed, limit, after }, { limit: DEFAULT_LIMIT });

/**
 * Reads which tasks are meant, or answers 422: for a parameter it does not know, too, since one that
 * is misspelt must not delete all tasks.
 */
export const readTaskFilter = readQuery<CompletedText, TaskFilter>({ completed }, {}, true);

function readQuery<In, Out extends object>(
  parsers: Parsers<Out>,
  defaults: Partial<Out>,
  isStrict = false,
): MiddlewareHandler<object, string, Read<'query', In, Out>, ProblemResponse<422>> {
  return async function readQuery(c, next) {
    const value: Record<string, unknown> = { ...defaults };
    const errors: ProblemError[] = [];
    for (const [name, texts] of Object.entries(c.req.queries())) {
      if (!Object.hasOwn(parsers, name)) {
        if (isStrict) {
          const names = Object.keys(parsers).join(', ');
          errors.push({ detail: `Only this can be given here: ${names}.` });
        }
        continue;
      }
      const parsed: Parsed<unknown> =
        texts.length === 1
          ? parsers[name as keyof Out](texts[0] ?? '')
          : { ok: false, message: 'Give it once.' };
      if (parsed.ok) value[name] = parsed.value;
      else errors.push({ parameter: name, detail: parsed.message });
    }
    if (errors.length > 0) {
      return answerProblem(c, 422, 'The query cannot be understood.', { errors });
    }
    c.req.addValidatedData('query', value);
    return next();
  };
}
