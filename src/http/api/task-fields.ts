import {
  MAX_TITLE_LENGTH,
  type NewTask,
  type ParsedInput,
  parseTitle,
  type TaskPatch,
  TITLE_PATTERN,
  VISIBLE_PATTERN,
} from '../../tasks/index.ts';
import type { ProblemError } from '../errors/index.ts';
import { describeTitleProblem, en } from '../texts/index.ts';

/** A writable field of a task. Its schema describes exactly the values that its parser accepts. */
interface Field<T> {
  readonly schema: Readonly<Record<string, unknown>>;
  parse(input: unknown): ParsedInput<T>;
}

/** The writable fields: their parsers and their JSON Schemas. */
export const TASK_FIELDS: {
  readonly title: Field<string>;
  readonly completed: Field<boolean>;
  readonly order: Field<number>;
} = {
  title: {
    schema: {
      type: 'string',
      minLength: 1,
      pattern: TITLE_PATTERN,
      allOf: [{ pattern: VISIBLE_PATTERN }],
      description: `1 to ${MAX_TITLE_LENGTH} characters, at least one of them visible. White space around it is removed.`,
      examples: ['Buy milk'],
    },
    parse(input) {
      const title = parseTitle(input);
      return title.ok ? title : { ok: false, message: describeTitleProblem(en, title) };
    },
  },
  completed: {
    schema: { type: 'boolean', description: 'True if the task is done.' },
    parse: (input) =>
      typeof input === 'boolean'
        ? { ok: true, value: input }
        : { ok: false, message: 'Write true or false.' },
  },
  order: {
    schema: {
      type: 'integer',
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Tasks are sorted in ascending order; of two with the same number the older comes first.',
      examples: [10],
    },
    parse: (input) =>
      Number.isSafeInteger(input)
        ? { ok: true, value: input as number }
        : { ok: false, message: 'Write a whole number, from -(2^53 - 1) to 2^53 - 1.' },
  },
};

/** The value of a body, or all errors in it. */
export type ParsedBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ProblemError[] };

export function parseNewTask(input: unknown): ParsedBody<NewTask> {
  return parseFields<NewTask>(input, (name) => name === 'title');
}

export function parseTaskPatch(input: unknown): ParsedBody<TaskPatch> {
  return parseFields<TaskPatch>(input, () => false);
}

/** Parses the fields that are present. Ignores unknown members, including `__proto__`. */
function parseFields<T extends TaskPatch>(
  input: unknown,
  isRequired: (name: string) => boolean,
): ParsedBody<T> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { ok: false, errors: [{ pointer: '', detail: 'Send a JSON object.' }] };
  }
  const value: Record<string, unknown> = {};
  const errors: ProblemError[] = [];
  for (const [name, { parse }] of Object.entries(TASK_FIELDS)) {
    if (!Object.hasOwn(input, name) && !isRequired(name)) continue;
    const parsed = parse((input as Record<string, unknown>)[name]);
    if (parsed.ok) value[name] = parsed.value;
    else errors.push({ pointer: `/${name}`, detail: parsed.message });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: value as unknown as T };
}
