import { nearestName } from './nearest-name.ts';
import { describeProblem, UsageError } from './problem.ts';
import type { Environment } from './sources.ts';
import { flagOf, hideCredentials, type VariableTable } from './variable.ts';

/** The parsed command line. */
export interface CommandLine {
  readonly command: 'start' | 'doctor' | 'version';
  /** True if the help of the command should be shown instead. */
  readonly help: boolean;
  /** The variables that the flags set. */
  readonly variables: Environment;
  /** True if the doctor's report should be JSON. */
  readonly json: boolean;
}

/** The parsed command line of a program that runs another one. */
export interface WrapperCommandLine extends CommandLine {
  /** The other program and its arguments; empty if there is none. */
  readonly program: readonly string[];
  readonly verbose: boolean;
}

interface Flag {
  /** The variables that it sets. */
  readonly variables: readonly string[];
  /** Form of the value; undefined for flags without a value. */
  readonly form?: string;
}

const SWITCHES = ['help', 'version', 'json', 'verbose'] as const;
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

/**
 * Parses command-line arguments.
 *
 * `--traces_exporter console`, `--traces-exporter=console`, `-p 8080` and `-p8080` are equivalent forms,
 * and `--demo` is short for `--demo true`. `util.parseArgs()` cannot do the last: it takes the next
 * argument for the value, or none ever.
 * @throws UsageError for an unknown flag, with the nearest known one, or for a missing value
 */
export function parseFlags(argv: readonly string[], variables: VariableTable): CommandLine {
  const { program, verbose, ...line } = parse(argv, variables, false);
  const [word] = program;
  if (word !== undefined) throw unknown(word, word, []);
  if (verbose) throw unknown('--verbose', 'verbose', []);
  return line;
}

/**
 * Parses the arguments of a program that runs another one. The first word that is not a flag begins the
 * other program.
 * @throws UsageError as `parseFlags()`
 */
export function parseWrapperFlags(
  argv: readonly string[],
  variables: VariableTable,
): WrapperCommandLine {
  return parse(argv, variables, true);
}

function parse(
  argv: readonly string[],
  variables: VariableTable,
  runsProgram: boolean,
): WrapperCommandLine {
  const flags = createFlags(variables);
  const rest = [...argv];
  const asked = new Set<string>();
  const values: Environment = {};
  let program: readonly string[] = [];

  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === 'doctor') {
      asked.add(argument);
      continue;
    }
    if (!argument.startsWith('-')) {
      program = [argument, ...rest];
      break;
    }
    // `-p8080`, as in other programs.
    const [written = '', attached] = splitOnce(argument.replace(/^(-\w)(?=\d)/, '$1='), '=');
    const name = SHORT[written] ?? written.replace(/^--/, '').replaceAll('-', '_');
    const flag = flags.get(name);
    if (flag === undefined) throw unknown(written, name, flags.keys());
    if (flag.form === undefined) {
      if (attached !== undefined) {
        throw usageError(written, 'this flag takes no value', 'remove the value');
      }
      if (flag.variables.length === 0) asked.add(name);
      for (const variable of flag.variables) values[variable] = 'otlp';
      continue;
    }
    const [next] = rest;
    const isSwitch = flag.form === 'true|false';
    // Another program may follow a switch.
    const isNoValue = isSwitch && runsProgram ? /^(?!(?:true|false)$)/i : /^--?[a-z]/i;
    const isAlone = attached === undefined && (next === undefined || isNoValue.test(next));
    if (isAlone && !isSwitch) {
      throw usageError(written, 'the value is missing', `add its value: ${flag.form}`);
    }
    const value = isAlone ? 'true' : (attached ?? rest.shift());
    for (const variable of flag.variables) values[variable] = value;
  }
  const command = (['version', 'doctor'] as const).find((each) => asked.has(each)) ?? 'start';
  const help = asked.has('help');
  const json = asked.has('json');
  if (json && command === 'start' && !help) {
    throw usageError(
      '--json',
      'only the doctor prints JSON',
      'use doctor --json, or remove the flag',
    );
  }
  return { command, help, variables: values, json, program, verbose: asked.has('verbose') };
}

function unknown(written: string, name: string, known: Iterable<string>): UsageError {
  if (!written.startsWith('-')) {
    const source = JSON.stringify(hideCredentials(written));
    return usageError(source, 'unknown command', 'use doctor, or a flag that --help lists');
  }
  const nearest = nearestName(name, known);
  const question = nearest ? `did you mean --${nearest}? ` : '';
  return usageError(written, 'unknown flag', `${question}--help lists all flags`);
}

function usageError(source: string, problem: string, fix: string): UsageError {
  return new UsageError(describeProblem({ source, problem, fix }));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
