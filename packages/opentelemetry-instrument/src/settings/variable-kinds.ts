import { entriesOf, hideSecrets, type Variable } from './variable.ts';

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
      return { value, warning: { effect: 'which counts as false', fix: 'write true or false' } };
    },
  };
}

/** Defines a whole number in decimal digits, from `min` to `max`. @default max 2147483647 */
export function integer<T extends number | undefined>({
  min = 0,
  max = MAX_INTEGER,
  unit = 'number',
  ...about
}: VariableOptions<T> & { min?: number; max?: number; unit?: string }): Variable<T | number> {
  return {
    form: `<${unit}>`,
    ...about,
    parse(text) {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return { value };
      const units = unit === 'ms' ? ' of milliseconds' : '';
      return { error: `write a whole number${units} from ${min} to ${max}` };
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
      const effect = `which is ${value} milliseconds`;
      const fix = `write ${value * 1_000} if you mean seconds, or at least ${PLAUSIBLE_TIMEOUT_MS}`;
      return { value, warning: { effect, fix } };
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
      return { error: 'write a number from 0 to 1, such as 0.25' };
    },
  };
}

/** Defines one of `values`, in any case. `refused` maps unsupported values to the reason. */
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
      const reason = reasons.get(text.toLowerCase());
      return { error: `${reason ? `${reason}; ` : ''}write ${either(values)}` };
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
        const warning = { effect: 'of which none wins', fix: 'write none alone, or leave it out' };
        return { value: [], warning };
      }
      const known = values.filter((value) => entries.has(value));
      const unknown = [...entries].filter((entry) => !values.some((value) => value === entry));
      const why = unknown.flatMap((entry) => reasons.get(entry) ?? []);
      const fix = [...why, `write a list of ${either(written)}`].join('; ');
      if (known.length === 0) return { error: fix };
      // Keep the order of the input.
      const value = [...entries].flatMap((entry) => known.find((each) => each === entry) ?? []);
      if (unknown.length === 0) return { value };
      return { value, warning: { effect: `of which only ${value.join(',')} is taken`, fix } };
    },
  };
}

/** Defines a comma-separated list of strings. */
export function texts<T extends readonly string[] | undefined>(
  about: VariableOptions<T>,
): Variable<T | readonly string[]> {
  return { form: 'list', ...about, parse: (text) => ({ value: entriesOf(text) }) };
}

function either(values: readonly string[]): string {
  return values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
