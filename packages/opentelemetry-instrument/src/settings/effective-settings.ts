import type { Reading } from './read-variables.ts';
import type { Origin } from './sources.ts';
import { displayDefault, displayValue } from './variable.ts';

/** An effective setting, human-readable. */
export interface EffectiveSetting {
  /** Name of the variable. */
  readonly name: string;
  /** The value as written or the default, without secrets; `set` if it is secret. */
  readonly value: string;
  readonly origin: Origin | 'default';
}

/** Returns every setting with the origin of its value. */
export function effectiveSettings({
  variables,
  written,
}: Pick<Reading, 'variables' | 'written'>): EffectiveSetting[] {
  return Object.entries(variables).map(([name, variable]) => {
    const found = written.get(name);
    if (found === undefined) return { name, value: displayDefault(variable), origin: 'default' };
    return { name, value: displayValue(variable, found.text) ?? 'set', origin: found.origin };
  });
}
