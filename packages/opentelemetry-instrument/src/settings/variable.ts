/** A finding about a value. Its parts have no punctuation at their ends. */
export interface Finding {
  /** Predicate of the value: `is not a port`. */
  readonly problem: string;
  /** Behavior of the program: `using the default (5000)`. */
  readonly effect?: string;
  /** Instruction to the user: `use a whole number from 0 to 65535`. */
  readonly fix: string;
}

/** A problem in the settings. */
export interface Problem extends Finding {
  /** Name of the variable. */
  readonly variable: string;
  /** The setting as the user knows it: `--port`, `PORT`, or `PORT in .env`. */
  readonly source: string;
  /** Problem with the value, if it may be shown: `"abc" is not a port`. */
  readonly problem: string;
  /** True if the program must not start. */
  readonly isFatal: boolean;
}

/** A parsed value, perhaps with a warning about it; or an error, and then the default is used. */
export type Parsed<T> =
  | { readonly value: T; readonly warning?: Finding }
  | { readonly error: Finding };

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

/** Returns the flag of a variable without hyphens: `x_y` for `OTEL_X_Y`. */
export function flagOf(name: string, { flag }: Pick<Variable<unknown>, 'flag'>): string {
  return flag ?? name.replace(/^OTEL_/, '').toLowerCase();
}

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
  if (at === -1 || !text.slice(0, at).includes(':')) return text;
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? [];
  return `${scheme}REDACTED${text.slice(at)}`;
}

/**
 * Returns the problem of a list with an invalid entry. Quotes the entry unless it may contain a secret.
 * @param predicate the problem of the entry: `is not a host`
 */
export function entryProblem(entry: string, list: string, predicate: string): string {
  if (entry === list) return predicate;
  const isPublic = !list.includes('@') && !/[?#]/.test(entry);
  return `has ${isPublic ? JSON.stringify(entry.slice(0, 50)) : 'an entry'}, which ${predicate}`;
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
