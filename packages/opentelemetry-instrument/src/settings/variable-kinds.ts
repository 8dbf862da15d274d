import { entriesOf, entryProblem, hideSecrets, type Variable } from './variable.ts';

/** Everything about a variable except its parser. */
type VariableOptions<T> = Pick<Variable<T>, 'default' | 'help'> &
  Partial<Omit<Variable<T>, 'parse'>>;

const MAX_INTEGER = 2 ** 31 - 1;

/** Defines a string. */
export function text<T extends string | undefined>(
  about: VariableOptions<T>,
): Variable<T | string> {
  return { form: '<text>', ...about, parse: (value) => ({ value }) };
}

/** Defines a boolean: only `true`, in any case, is true. */
export function boolean({
  default: preset = false,
  ...about
}: Omit<VariableOptions<boolean>, 'default'> & { default?: boolean }): Variable<boolean> {
  return {
    form: 'true|false',
    default: preset,
    ...about,
    parse(text) {
      const value = text.toLowerCase() === 'true';
      if (value || text.toLowerCase() === 'false') return { value };
      const warning = {
        problem: 'is not a boolean',
        effect: 'using false',
        fix: 'use true or false',
      };
      return { value, warning };
    },
  };
}

/**
 * Defines a whole number in decimal digits.
 * @param options.max the largest valid number; 2147483647 by default
 * @param options.noun kind of number, for messages
 */
export function integer<T extends number | undefined>({
  min = 0,
  max = MAX_INTEGER,
  unit = 'number',
  noun = 'a whole number',
  ...about
}: VariableOptions<T> & { min?: number; max?: number; unit?: string; noun?: string }): Variable<
  T | number
> {
  return {
    form: `<${unit}>`,
    ...about,
    parse(text) {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return { value };
      const problem = Number.isNaN(value) ? `is not ${noun}` : 'is out of range';
      const kind = unit === 'ms' ? 'milliseconds,' : 'a whole number';
      return { error: { problem, fix: `use ${kind} from ${min} to ${max}` } };
    },
  };
}

/** Defines a duration in milliseconds. */
export function milliseconds<T extends number | undefined>(
  about: VariableOptions<T>,
): Variable<T | number> {
  return integer({ ...about, unit: 'ms' });
}

/** A smaller timeout was probably meant in seconds. */
const PLAUSIBLE_TIMEOUT_MS = 1_000;

/** Defines a timeout in milliseconds; 0 means no limit: `Infinity`. */
export function timeout<T extends number | undefined>(
  about: VariableOptions<T>,
): Variable<T | number> {
  const variable = integer({ ...about, unit: 'ms' });
  return {
    ...variable,
    parse(text) {
      const parsed = variable.parse(text);
      if (!('value' in parsed) || parsed.value === undefined) return parsed;
      const { value } = parsed;
      if (value === 0) return { value: Number.POSITIVE_INFINITY };
      if (value >= PLAUSIBLE_TIMEOUT_MS) return parsed;
      const fix = `use ${value * 1_000} for ${value} seconds, or at least ${PLAUSIBLE_TIMEOUT_MS}`;
      return { value, warning: { problem: `means only ${value} milliseconds`, fix } };
    },
  };
}

/** Defines a URL. Its credentials and query are never displayed. */
export function url<T extends string | undefined>(about: VariableOptions<T>): Variable<T | string> {
  return { ...text({ form: '<url>', ...about }), show: hideSecrets };
}

/** Defines a number from 0 to 1. */
export function ratio(about: VariableOptions<number>): Variable<number> {
  return {
    form: '<ratio>',
    ...about,
    parse(text) {
      const value = /^[\d.]+$/.test(text) ? Number(text) : Number.NaN;
      if (value <= 1) return { value };
      return {
        error: { problem: 'is not a ratio', fix: 'use a number from 0 to 1, such as 0.25' },
      };
    },
  };
}

/**
 * Defines one of `values`, in any case.
 * @param options.refused predicates of unsupported values: `is deprecated`
 */
export function choice<V extends string, T extends V | undefined>({
  values,
  refused = {},
  ...about
}: VariableOptions<T> & { values: readonly V[]; refused?: Record<string, string> }): Variable<
  T | V
> {
  const reasons = new Map(Object.entries(refused));
  return {
    form: values.join('|'),
    ...about,
    parse(text) {
      const value = values.find((each) => each === text.toLowerCase());
      if (value !== undefined) return { value };
      const problem = reasons.get(text.toLowerCase()) ?? UNKNOWN;
      return { error: { problem, fix: `use ${either(values)}` } };
    },
  };
}

/** Defines a list of `values`; `none` makes it empty. */
export function choices<V extends string, T extends readonly V[] | undefined>({
  values,
  refused = {},
  ...about
}: VariableOptions<T> & { values: readonly V[]; refused?: Record<string, string> }): Variable<
  readonly V[] | Extract<T, undefined>
> {
  const written = [...values, 'none'];
  const reasons = new Map(Object.entries(refused));
  return {
    form: `list of ${written.join(', ')}`,
    ...(about as VariableOptions<Extract<T, undefined> | readonly V[]>),
    parse(text) {
      const entries = new Set(entriesOf(text).map((entry) => entry.toLowerCase()));
      if (entries.delete('none')) {
        if (entries.size === 0) return { value: [] };
        const problem = 'has none beside other entries';
        const warning = { problem, effect: 'using none', fix: 'use none alone, or remove it' };
        return { value: [], warning };
      }
      const known = values.filter((value) => entries.has(value));
      const unknown = [...entries].filter((entry) => !values.some((value) => value === entry));
      const [first = ''] = unknown;
      const problem = entryProblem(first, text.toLowerCase(), reasons.get(first) ?? UNKNOWN);
      const fix = `use a list of ${either(written)}`;
      if (known.length === 0) return { error: { problem, fix } };
      // Keep the order of the input.
      const value = [...entries].flatMap((entry) => known.find((each) => each === entry) ?? []);
      if (unknown.length === 0) return { value };
      return { value, warning: { problem, effect: `using only ${value.join(',')}`, fix } };
    },
  };
}

/** Defines a comma-separated list of strings. */
export function texts<T extends readonly string[] | undefined>(
  about: VariableOptions<T>,
): Variable<T | readonly string[]> {
  return { form: 'list', ...about, parse: (text) => ({ value: entriesOf(text) }) };
}

const UNKNOWN = 'is not a known value';

function either(values: readonly string[]): string {
  return values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
