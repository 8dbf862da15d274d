import { valueProblem } from './problem.ts';
import { lookup, type RawValue, type Sources } from './sources.ts';
import { lookupAlias, unknownVariables } from './unknown-variables.ts';
import {
  displayDefault,
  displayValue,
  type Finding,
  type Problem,
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
    // The specification requires that an invalid file does not configure anything.
    const isOfFile = found.origin === 'file';
    const report = (finding: Finding, isFatal?: boolean) =>
      problems.push(valueProblem(variables, name, found, finding, isFatal));
    if (found.origin === 'flag' && displayValue(variable, found.text) === undefined) {
      // Task runners also print flags.
      const problem = 'is secret, but other users of this machine can see flags';
      report({ problem, fix: `set ${name} in the environment or in .env` });
    }
    const parsed = variable.parse(found.text);
    if ('error' in parsed) {
      const { isFatal = isOfFile } = variable;
      report(isFatal ? parsed.error : { ...parsed.error, effect: fallback(variable) }, isFatal);
      continue;
    }
    values[name] = parsed.value;
    if (parsed.warning) report(parsed.warning);
  }
  problems.push(...unknownVariables(sources, Object.keys(variables)));
  return { variables, settings: values as ValuesOf<Table>, written, problems };
}

function fallback(variable: Variable<unknown>): string {
  const preset = displayDefault(variable);
  return preset === '' ? 'ignoring it' : `using the default (${preset})`;
}
