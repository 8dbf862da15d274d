import type { Attributes } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Problem } from './variable.ts';

export type Environment = Record<string, string | undefined>;

/** Origins of a value, in order of precedence. `file` is the declarative configuration file. */
export const ORIGINS = ['flag', 'variable', '.env', 'file'] as const;
export type Origin = (typeof ORIGINS)[number];

/** The raw values of each origin, by name of the variable. */
export interface Sources extends Readonly<Partial<Record<Origin, Environment>>> {
  /** Positions of the values from `file`, by name of the variable. */
  readonly places?: Readonly<Record<string, string>>;
  readonly structured?: StructuredValues;
  /** Problems of `file`. */
  readonly problems?: readonly Problem[];
}

/** The contents of the declarative configuration file that no variable can express. */
export interface StructuredValues {
  /** Attributes of the resource that are not strings. */
  readonly resource: Attributes;
  readonly views: readonly ViewOptions[];
}

/** A value as written, before it is parsed. */
export interface RawValue {
  /** Name that the value is set under: that of the variable, an alias, or the position in the file. */
  readonly name: string;
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
    if (text === undefined) continue;
    const place = origin === 'file' ? sources.places?.[name] : undefined;
    return text === '' ? undefined : { name: place ?? name, origin, text };
  }
  return undefined;
}

/** Copies flags and `.env` values to the environment, for libraries that read it. */
export function applyToEnv(env: Environment, sources: Sources): void {
  Object.assign(env, sources['.env'], sources.variable, sources.flag);
}
