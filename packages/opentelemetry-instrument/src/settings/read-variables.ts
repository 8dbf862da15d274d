import type { Problem } from './problem.ts';
import { lookup, type RawValue, type Sources } from './sources.ts';
import { lookupAlias, unknownVariables } from './unknown-variables.ts';
import {
  displayDefault,
  displayValue,
  type ValuesOf,
  type Variable,
  type VariableTable,
} from './variable.ts';

/** The values of a table of variables, and the problems found in them. */
export interface Reading<Table extends VariableTable = VariableTable> {
  readonly variables: Table;
  readonly settings: ValuesOf<Table>;
  /** The raw values that are set; all other variables have their default. */
  readonly written: ReadonlyMap<string, RawValue>;
  readonly problems: readonly Problem[];
}

/** Other users can see the arguments of a program, and task runners print them. */
const FLAG_WITH_SECRET = {
  effect: 'by a flag, which others on this machine can read and `deno task` prints',
  fix: 'write it into the environment or into .env',
};

/** Reads all variables by the specification's rules. Never throws. */
export function readVariables<Table extends VariableTable>(
  variables: Table,
  sources: Sources,
): Reading<Table> {
  const values: Record<string, unknown> = {};
  const written = new Map<string, RawValue>();
  const problems: Problem[] = [];

  for (const [name, variable] of Object.entries(variables)) {
    values[name] = variable.default;
    const found = lookup(sources, name) ?? lookupAlias(sources, name);
    if (found === undefined) continue;
    written.set(name, found);
    if (found.origin === 'flag' && displayValue(variable, found.text) === undefined) {
      problems.push({ variable: name, isFatal: false, ...FLAG_WITH_SECRET });
    }
    const parsed = variable.parse(found.text);
    if ('value' in parsed) values[name] = parsed.value;
    const about = 'value' in parsed ? parsed.warning : ignored(variable, parsed.error);
    if (about === undefined) continue;
    problems.push({
      variable: name,
      written: displayValue(variable, found.text),
      isFatal: !('value' in parsed) && variable.isFatal === true,
      ...about,
    });
  }
  problems.push(...unknownVariables(sources, Object.keys(variables)));
  return { variables, settings: values as ValuesOf<Table>, written, problems };
}

function ignored(variable: Variable<unknown>, fix: string): Pick<Problem, 'effect' | 'fix'> {
  if (variable.isFatal) return { effect: 'which is not possible', fix };
  const instead = displayDefault(variable);
  return { effect: `which is ignored${instead && ` (the default counts: ${instead})`}`, fix };
}
