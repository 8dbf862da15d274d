import type { Reading } from './read-variables.ts';
import type { Origin } from './sources.ts';
import { displayDefault, displayValue } from './variable.ts';

/** One setting as it counts, for a person. */
export interface EffectiveSetting {
  /** Of the variable. */
  readonly name: string;
  /** As it was written, or the default, without secrets; `set` where nothing of it may be shown. */
  readonly value: string;
  readonly origin: Origin | 'default';
}

/** Every setting, and where its value comes from. */
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
