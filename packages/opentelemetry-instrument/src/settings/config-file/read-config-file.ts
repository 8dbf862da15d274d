import type { Attributes } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { LineCounter, parseDocument } from 'yaml';
import type { Environment, StructuredValues } from '../sources.ts';
import type { Problem } from '../variable.ts';
import { readFileShape } from './file-shape.ts';
import type { FileContext, FileValue } from './shape.ts';
import { substituteVariables } from './substitute.ts';

/** The contents of a configuration file as values of variables. */
export interface ConfigFile {
  readonly values: Environment;
  /** Position of each value, by the name of its variable: `otel.yaml:3 resource.attributes`. */
  readonly places: Readonly<Record<string, string>>;
  readonly structured: StructuredValues;
  readonly problems: readonly Problem[];
  /** Names of the environment variables that the file refers to. */
  readonly references: ReadonlySet<string>;
}

/**
 * Reads a declarative configuration file. Everything that is not supported is a fatal problem, except
 * experimental properties.
 * @param path shown in problems
 * @see https://github.com/open-telemetry/opentelemetry-configuration
 */
export function readConfigFile(path: string, text: string, env: Environment): ConfigFile {
  const values: Environment = {};
  const places: Record<string, string> = {};
  const resource: Attributes = {};
  const views: ViewOptions[] = [];
  const structured: StructuredValues = { resource, views };
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });

  function report(line: number, where: string, problem: string, fix: string, isFatal = true): void {
    const source = `${path}:${line}${where && ` ${where}`}`;
    const effect = isFatal ? {} : { effect: 'ignoring it' };
    problems.push({ variable: 'OTEL_CONFIG_FILE', source, problem, ...effect, fix, isFatal });
  }
  for (const { message, pos } of document.errors) {
    report(lines.linePos(pos[0]).line, '', firstClause(message), 'correct the YAML');
  }
  if (problems.length > 0) return { values, places, structured, problems, references: new Set() };

  const { references, invalid } = substituteVariables(document, env);
  for (const { text, offset } of invalid) {
    const problem = `${JSON.stringify(text)} is not a reference to a variable`;
    report(
      lines.linePos(offset).line,
      '',
      problem,
      `use \${NAME} or \${NAME:-default}, or $$ for $`,
    );
  }
  const context: FileContext = {
    lines,
    set(variable, value, { path: where, line }) {
      values[variable] = value;
      places[variable] = `${path}:${line} ${where}`.trim();
    },
    addAttribute(name, value) {
      resource[name] = value;
    },
    addView: (view) => void views.push(view),
    fail: ({ line, path: where }, problem, fix) => report(line, where, problem, fix),
    warn: ({ line, path: where }, problem, fix) => report(line, where, problem, fix, false),
  };
  const root: FileValue = { path: '', line: 1, node: document.contents };
  readFileShape(root, context);
  return { values, places, structured, problems, references };
}

/** Returns the message of the parser without its full stop and its excerpt. */
function firstClause(message: string): string {
  const [line = ''] = message.split('\n');
  return `the file is not valid YAML (${line.trim().replace(/[.:]$/, '')})`;
}
