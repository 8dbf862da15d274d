import { checkFiles } from './check-files.ts';
import type { ProgramSettings } from './program-settings.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { Sources } from './sources.ts';
import type { VariableTable } from './variable.ts';

/**
 * Reads flags, environment and `.env` file, and finds all mistakes at once. Never throws.
 *
 * Empty and invalid values count as unset.
 * @param own the program's variables, in addition to those of telemetry
 */
export function readSettings<Own extends VariableTable = Record<never, never>>(
  sources: Sources,
  own = {} as Own,
): ProgramSettings<Own> {
  return resolveSettings(sources, own, checkFiles);
}
