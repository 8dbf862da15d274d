import { nearestName } from './nearest-name.ts';
import type { Environment } from './sources.ts';
import { hideCredentials, type Variable, type VariableTable } from './variable.ts';

/** The parsed command line. */
export interface CommandLine {
  readonly command: 'start' | 'doctor' | 'help' | 'version';
  /** The variables that the flags set. */
  readonly variables: Environment;
  /** True if the doctor's report should be JSON. */
  readonly json: boolean;
}

/** Thrown for a user's mistake that prevents the start. The message needs no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Flag {
  /** The variables that it sets. */
  readonly variables: readonly string[];
  /** Form of the value; undefined for flags without a value. */
  readonly form?: string;
}

const SWITCHES = ['help', 'version', 'json'] as const;
const SHORT: Readonly<Record<string, string>> = { '-p': 'port', '-h': 'help' };

function createFlags(variables: VariableTable): ReadonlyMap<string, Flag> {
  return new Map<string, Flag>([
    ...Object.entries(variables).map(
      ([name, variable]) =>
        [flagOf(name, variable), { variables: [name], form: variable.form }] as const,
    ),
    [
      'otlp',
      { variables: ['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER', 'OTEL_LOGS_EXPORTER'] },
    ],
    ...SWITCHES.map((name) => [name, { variables: [] }] as const),
  ]);
}

/** Returns the flag of a variable without hyphens: `x_y` for `OTEL_X_Y`. */
export function flagOf(name: string, { flag }: Pick<Variable<unknown>, 'flag'>): string {
  return flag ?? name.replace(/^OTEL_/, '').toLowerCase();
}

/**
 * Parses command-line arguments.
 *
 * `--traces_exporter console`, `--traces-exporter=console`, `-p 8080` and `-p8080` are equivalent forms,
 * and `--demo` is short for `--demo true`. `util.parseArgs()` cannot do the last: it takes the next
 * argument for the value, or none ever.
 * @throws UsageError for an unknown flag, with the nearest known one, or for a missing value
 */
export function parseFlags(argv: readonly string[], variables: VariableTable): CommandLine {
  const flags = createFlags(variables);
  const rest = [...argv];
  const asked = new Set<string>();
  const values: Environment = {};

  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === 'doctor') {
      asked.add(argument);
      continue;
    }
    // `-p8080`, as in other programs.
    const [written = '', attached] = splitOnce(argument.replace(/^(-\w)(?=\d)/, '$1='), '=');
    const name = SHORT[written] ?? written.replace(/^--/, '').replaceAll('-', '_');
    const flag = written.startsWith('-') ? flags.get(name) : undefined;
    if (flag === undefined) throw new UsageError(unknown(written, name, flags.keys()));
    if (flag.form === undefined) {
      if (attached !== undefined) {
        throw new UsageError(`${written} takes no value: leave it out.`);
      }
      if (flag.variables.length === 0) asked.add(name);
      for (const variable of flag.variables) values[variable] = 'otlp';
      continue;
    }
    const [next] = rest;
    const isAlone = attached === undefined && (next === undefined || /^--?[a-z]/i.test(next));
    if (isAlone && flag.form !== 'true|false') {
      throw new UsageError(`${written} needs a value: ${written} ${flag.form}.`);
    }
    const value = isAlone ? 'true' : (attached ?? rest.shift());
    for (const variable of flag.variables) values[variable] = value;
  }
  const command =
    (['help', 'version', 'doctor'] as const).find((each) => asked.has(each)) ?? 'start';
  const json = asked.has('json');
  if (json && command === 'start') {
    throw new UsageError('--json is for the doctor: write doctor --json, or leave it out.');
  }
  return { command, variables: values, json };
}

function unknown(written: string, name: string, known: Iterable<string>): string {
  if (!written.startsWith('-')) {
    return `Unknown command ${JSON.stringify(hideCredentials(written))}: the only one is doctor, all else is a flag. --help lists them.`;
  }
  const nearest = nearestName(name, known);
  const question = nearest ? `did you mean --${nearest}? ` : '';
  return `Unknown flag ${written}: ${question}--help lists them.`;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
