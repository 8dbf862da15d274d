/**
 * What a variable's text was understood as.
 *
 * - `value` alone: as it was meant.
 * - with `note`: taken, but not as it was written. "Which counts as false", and what to write.
 * - `mistake`: not taken, the default counts. What to write.
 */
export type Parsed<T> =
  | { readonly value: T; readonly warning?: { readonly effect: string; readonly fix: string } }
  | { readonly error: string };

/** A variable: how it is parsed, documented and displayed. */
export interface Variable<T> {
  /** Form of a value, for `--help` and the documentation: `<ms>`, `true|false`. */
  readonly form: string;
  readonly default: T;
  /** Description of the default, if it is not simply a value. */
  readonly defaultText?: string;
  /** Purpose, in a few words. */
  readonly help: string;
  /** Name of the flag. @default `x_y` for `OTEL_X_Y` */
  readonly flag?: string;
  /** True if the program must not start with an invalid value. */
  readonly isFatal?: boolean;
  /** @param text trimmed and not empty */
  parse(text: string): Parsed<T>;
  /** Returns the text without secrets; undefined to hide it. @default removes the credentials of URLs */
  show?(text: string): string | undefined;
}

/** Variables by their names. */
export type VariableTable = Readonly<Record<string, Variable<unknown>>>;

/** The value of each variable: parsed, or the default. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Variable<infer T> ? T : never;
};

/** Returns a value as written, human-readable; undefined if it is secret. */
export function displayValue(variable: Variable<unknown>, text: string): string | undefined {
  return variable.show ? variable.show(text) : hideCredentials(text);
}

/** Returns the default of a variable, human-readable; empty if there is none. */
export function displayDefault({ default: value, defaultText }: Variable<unknown>): string {
  return (defaultText ?? String(value ?? '')).replaceAll('`', '');
}

/** Removes credentials, query and fragment of a URL. */
export function hideSecrets(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1').replace(/[?#].*$/s, '?…');
}

/** Redacts everything before the last `@` of a value or list, except the scheme of a URL. */
export function hideCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  if (!text.slice(0, at).includes(':')) return text;
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? [];
  return `${scheme}REDACTED${text.slice(at)}`;
}

/** Quotes an entry of a list for a message, unless it may contain a secret. */
export function quoteEntry(entry: string, list: string): string {
  const isPublic = !list.includes('@') && !/[?#]/.test(entry);
  return isPublic ? JSON.stringify(entry.slice(0, 50)) : 'an entry';
}

/** Splits a comma-separated list, without empty and duplicate entries. */
export function entriesOf(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return [...new Set(entries)].filter((entry) => entry !== '');
}

/** Adds a prefix to the names of a table. */
export function prefixed<P extends string, Rows extends Record<string, unknown>>(
  prefix: P,
  rows: Rows,
) {
  const entries = Object.entries(rows).map(([name, row]) => [`${prefix}${name}`, row]);
  return Object.fromEntries(entries) as {
    [Name in keyof Rows & string as `${P}${Name}`]: Rows[Name];
  };
}
