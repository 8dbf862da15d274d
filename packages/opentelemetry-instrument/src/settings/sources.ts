export type Environment = Record<string, string | undefined>;

/** Where a value was written, the strongest first. */
const ORIGINS = ['flag', 'variable', '.env'] as const;
export type Origin = (typeof ORIGINS)[number];

/** What was written where, by the names of variables. */
export type Sources = Readonly<Partial<Record<Origin, Environment>>>;

export interface Written {
  readonly origin: Origin;
  /** Neither empty nor with blanks round it. */
  readonly text: string;
}

/**
 * Finds what was written for a variable. Empty is unset; a variable that is there but empty still
 * hides what a `.env` file says.
 */
export function findWritten(sources: Sources, name: string): Written | undefined {
  for (const origin of ORIGINS) {
    const text = sources[origin]?.[name]?.trim();
    if (text !== undefined) return text === '' ? undefined : { origin, text };
  }
  return undefined;
}
