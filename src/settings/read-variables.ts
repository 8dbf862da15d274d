import { type Settings, variables } from '../settings.ts';
import { findByPythonName, otherNames } from './other-names.ts';
import type { Problem } from './problem.ts';
import { findWritten, type Origin, type Sources } from './sources.ts';
import type { Variable } from './variable.ts';

/** What the variables say, each by itself. */
export interface Reading {
  readonly settings: Settings;
  /** What is set comes from here; all the rest has its default. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly problems: readonly Problem[];
}

/** Reads every variable by the specification's rules; never throws. */
export function readVariables(sources: Sources): Reading {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  const problems: Problem[] = [];

  for (const [name, variable] of Object.entries<Variable<unknown>>(variables)) {
    values[name] = variable.default;
    const written = findWritten(sources, name) ?? findByPythonName(sources, name);
    if (written === undefined) continue;
    origins.set(name, written.origin);
    const parsed = variable.parse(written.text);
    if ('value' in parsed) values[name] = parsed.value;
    const about = 'value' in parsed ? parsed.note : ignored(variable, parsed.mistake);
    if (about === undefined) continue;
    problems.push({
      variable: name,
      written: variable.show ? variable.show(written.text) : written.text,
      isFatal: !('value' in parsed) && variable.isFatal === true,
      ...about,
    });
  }
  problems.push(...otherNames(sources));
  return { settings: values as unknown as Settings, origins, problems };
}

function ignored(variable: Variable<unknown>, write: string): Pick<Problem, 'happens' | 'write'> {
  if (variable.isFatal) return { happens: 'which is not possible', write };
  const instead = (variable.defaultText ?? String(variable.default ?? '')).replaceAll('`', '');
  return { happens: `which is ignored${instead && ` (the default counts: ${instead})`}`, write };
}
