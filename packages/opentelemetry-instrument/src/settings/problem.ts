import { printable } from 'opentelemetry-instrument-exporters';
import type { RawValue } from './sources.ts';
import {
  displayValue,
  type Finding,
  flagOf,
  type Problem,
  type VariableTable,
} from './variable.ts';

/** Thrown for a user's mistake that prevents the start. The message needs no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Returns one line: `--port: "abc" is not a port; use a whole number from 0 to 65535`. */
export function describeProblem({
  source,
  problem,
  effect,
  fix,
}: Finding & Pick<Problem, 'source'>): string {
  const parts = [problem, effect, fix].filter((part) => part !== undefined);
  // Names of variables may contain any character.
  return printable(`${source}: ${parts.join('; ')}`);
}

/** Creates the problem of a value. */
export function valueProblem(
  variables: VariableTable,
  name: string,
  value: RawValue,
  { problem, ...rest }: Finding,
  isFatal = false,
): Problem {
  const variable = variables[name];
  const text = variable && displayValue(variable, value.text);
  return {
    variable: name,
    source: sourceOf(value, variable && flagOf(name, variable)),
    problem: `${text === undefined ? 'the value' : quote(text)} ${problem}`,
    ...rest,
    isFatal,
  };
}

/** Returns the setting as the user knows it. */
export function sourceOf({ name, origin }: RawValue, flag = name): string {
  if (origin === 'flag') return `--${flag}`;
  return origin === '.env' ? `${name} in .env` : name;
}

const MAX_SHOWN = 120;

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
