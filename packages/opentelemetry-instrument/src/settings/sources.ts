export type Environment = Record<string, string | undefined>;

/** Origins of a value, in order of precedence. */
const ORIGINS = ['flag', 'variable', '.env'] as const;
export type Origin = (typeof ORIGINS)[number];

/** The raw values of each origin, by name of the variable. */
export type Sources = Readonly<Partial<Record<Origin, Environment>>>;

/** A value as written, before it is parsed. */
export interface RawValue {
  readonly origin: Origin;
  /** Trimmed and not empty. */
  readonly text: string;
}

/**
 * Returns the raw value of a variable. An empty value counts as unset; an empty environment variable
 * still overrides the `.env` file.
 */
export function lookup(sources: Sources, name: string): RawValue | undefined {
  for (const origin of ORIGINS) {
    const text = sources[origin]?.[name]?.trim();
    if (text !== undefined) return text === '' ? undefined : { origin, text };
  }
  return undefined;
}

/** Copies flags and `.env` values to the environment, for libraries that read it. */
export function applyToEnv(env: Environment, sources: Sources): void {
  Object.assign(env, sources['.env'], sources.variable, sources.flag);
}
