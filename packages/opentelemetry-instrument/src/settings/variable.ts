/**
 * What a variable's text was understood as.
 *
 * - `value` alone: as it was meant.
 * - with `note`: taken, but not as it was written. "Which counts as false", and what to write.
 * - `mistake`: not taken, the default counts. What to write.
 */
export type Parsed<T> =
  | { readonly value: T; readonly note?: { readonly happens: string; readonly write: string } }
  | { readonly mistake: string };

/** A row of a table of variables. */
export interface Variable<T> {
  /** What a value looks like, for `--help` and the documentation: `<ms>`, `true|false`. */
  readonly form: string;
  readonly default: T;
  /** For the documentation, where the default is not simply a value. */
  readonly defaultText?: string;
  /** What it is for, in a few words. */
  readonly help: string;
  /** The flag that sets it, where that is not the rule's (`OTEL_X_Y`: `x_y`). */
  readonly flag?: string;
  /** True when a mistake in it makes it pointless to start. */
  readonly isFatal?: boolean;
  /** @param text neither empty nor with blanks round it */
  parse(text: string): Parsed<T>;
  /** What of the text may be shown; undefined: nothing. Default: all but the credentials of URLs. */
  show?(text: string): string | undefined;
}

/** Variables by their names. */
export type VariableTable = Readonly<Record<string, Variable<unknown>>>;

/** The value of each variable, its default where it is unset or could not be understood. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Variable<infer T> ? T : never;
};

/** A value as it was written, for a person; undefined where nothing of it may be shown. */
export function shownText(variable: Variable<unknown>, text: string): string | undefined {
  return variable.show ? variable.show(text) : hideCredentials(text);
}

/** The default of a variable, for a person; empty where there is none. */
export function shownDefault({ default: value, defaultText }: Variable<unknown>): string {
  return (defaultText ?? String(value ?? '')).replaceAll('`', '');
}

type About<T> = Pick<Variable<T>, 'default' | 'help'> & Partial<Omit<Variable<T>, 'parse'>>;

const MAX_INTEGER = 2 ** 31 - 1;

export function text<T extends string | undefined>(about: About<T>): Variable<T | string> {
  return { form: '<text>', ...about, parse: (value) => ({ value }) };
}

/** Only `true` is true, in any case. */
export function boolean({
  default: preset = false,
  ...about
}: Omit<About<boolean>, 'default'> & { default?: boolean }): Variable<boolean> {
  return {
    form: 'true|false',
    default: preset,
    ...about,
    parse(text) {
      const value = text.toLowerCase() === 'true';
      if (value || text.toLowerCase() === 'false') return { value };
      return { value, note: { happens: 'which counts as false', write: 'write true or false' } };
    },
  };
}

/** A whole number in digits alone, from `min` to 2147483647. */
export function integer<T extends number | undefined>({
  min = 0,
  max = MAX_INTEGER,
  unit = 'number',
  ...about
}: About<T> & { min?: number; max?: number; unit?: string }): Variable<T | number> {
  return {
    form: `<${unit}>`,
    ...about,
    parse(text) {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return { value };
      const units = unit === 'ms' ? ' of milliseconds' : '';
      return { mistake: `write a whole number${units} from ${min} to ${max}` };
    },
  };
}

export function milliseconds<T extends number | undefined>(about: About<T>): Variable<T | number> {
  return integer({ ...about, unit: 'ms' });
}

/** Below it a timeout was probably written in seconds. */
const PLAUSIBLE_TIMEOUT_MS = 1_000;

/** Milliseconds, of which 0 is no limit: `Infinity`. */
export function timeout<T extends number | undefined>(about: About<T>): Variable<T | number> {
  const variable = integer({ ...about, unit: 'ms' });
  return {
    ...variable,
    parse(text) {
      const parsed = variable.parse(text);
      if (!('value' in parsed) || parsed.value === undefined) return parsed;
      const { value } = parsed;
      if (value === 0) return { value: Number.POSITIVE_INFINITY };
      if (value >= PLAUSIBLE_TIMEOUT_MS) return parsed;
      const happens = `which is ${value} milliseconds`;
      const write = `write ${value * 1_000} if you mean seconds, or at least ${PLAUSIBLE_TIMEOUT_MS}`;
      return { value, note: { happens, write } };
    },
  };
}

/** A URL, whose password and query are never shown. */
export function url<T extends string | undefined>(about: About<T>): Variable<T | string> {
  return { ...text({ form: '<url>', ...about }), show: hideSecrets };
}

/** A URL, or something like one, without credentials, query and fragment. */
export function hideSecrets(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1').replace(/[?#].*$/s, '?…');
}

/** Hides what a text, or a list, has before its last `@`, except for the scheme of a URL. */
export function hideCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  if (!text.slice(0, at).includes(':')) return text;
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? [];
  return `${scheme}REDACTED${text.slice(at)}`;
}

/** Quotes an entry of a list for a message, unless it may hold a secret. */
export function quoteEntry(entry: string, list: string): string {
  const isPublic = !list.includes('@') && !/[?#]/.test(entry);
  return isPublic ? JSON.stringify(entry.slice(0, 50)) : 'an entry';
}

/** A number from 0 to 1. */
export function ratio(about: About<number>): Variable<number> {
  return {
    form: '<ratio>',
    ...about,
    parse(text) {
      const value = /^[\d.]+$/.test(text) ? Number(text) : Number.NaN;
      if (value <= 1) return { value };
      return { mistake: 'write a number from 0 to 1, such as 0.25' };
    },
  };
}

/** One of `values`, in any case. `refused` are those that exist, but not here, with the reason. */
export function choice<V extends string, T extends V | undefined>({
  values,
  refused = {},
  ...about
}: About<T> & { values: readonly V[]; refused?: Record<string, string> }): Variable<T | V> {
  const reasons = new Map(Object.entries(refused));
  return {
    form: values.join('|'),
    ...about,
    parse(text) {
      const value = values.find((each) => each === text.toLowerCase());
      if (value !== undefined) return { value };
      const reason = reasons.get(text.toLowerCase());
      return { mistake: `${reason ? `${reason}; ` : ''}write ${either(values)}` };
    },
  };
}

/** Several of `values`, each once; `none` among them is the empty list and wins. */
export function choices<V extends string, T extends readonly V[] | undefined>({
  values,
  refused = {},
  ...about
}: About<T> & { values: readonly V[]; refused?: Record<string, string> }): Variable<
  readonly V[] | Extract<T, undefined>
> {
  const written = [...values, 'none'];
  const reasons = new Map(Object.entries(refused));
  return {
    form: `list of ${written.join(', ')}`,
    ...(about as About<Extract<T, undefined> | readonly V[]>),
    parse(text) {
      const entries = new Set(entriesOf(text).map((entry) => entry.toLowerCase()));
      if (entries.delete('none')) {
        if (entries.size === 0) return { value: [] };
        const note = { happens: 'of which none wins', write: 'write none alone, or leave it out' };
        return { value: [], note };
      }
      const known = values.filter((value) => entries.has(value));
      const unknown = [...entries].filter((entry) => !values.some((value) => value === entry));
      const why = unknown.flatMap((entry) => reasons.get(entry) ?? []);
      const write = [...why, `write a list of ${either(written)}`].join('; ');
      if (known.length === 0) return { mistake: write };
      // In the order in which they were written.
      const value = [...entries].flatMap((entry) => known.find((each) => each === entry) ?? []);
      if (unknown.length === 0) return { value };
      return { value, note: { happens: `of which only ${value.join(',')} is taken`, write } };
    },
  };
}

/** Texts with commas between them. */
export function texts<T extends readonly string[] | undefined>(
  about: About<T>,
): Variable<T | readonly string[]> {
  return { form: 'list', ...about, parse: (text) => ({ value: entriesOf(text) }) };
}

/** The entries of a list, each once, without the empty ones. */
export function entriesOf(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return [...new Set(entries)].filter((entry) => entry !== '');
}

function either(values: readonly string[]): string {
  return values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
