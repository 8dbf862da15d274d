import type { Attributes } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml';
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

/** Maximum number of aliases, each of which repeats a part of the file. */
const MAX_ALIASES = 100;

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
  // Duplicate keys are found when a mapping is read: the parser compares each key with all others.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });

  function report(line: number, where: string, problem: string, fix: string, isFatal = true): void {
    const source = `${path}:${line}${where && ` ${where}`}`;
    const effect = isFatal ? {} : { effect: 'ignoring it' };
    problems.push({ variable: 'OTEL_CONFIG_FILE', source, problem, ...effect, fix, isFatal });
  }
  const [error] = document.errors;
  if (error !== undefined) {
    // The others follow from it.
    const { line } = lines.linePos(error.pos[0]);
    const isMultiple = error.code === 'MULTIPLE_DOCS';
    if (isMultiple) report(line, '', 'the file has several documents', 'keep one');
    else report(line, '', firstClause(error.message), yamlFix(text, line));
    return { values, places, structured, problems, references: new Set() };
  }

  const { scalars, aliases } = findValues(document.contents);
  const { references, invalid } = substituteVariables(document, scalars, env);
  for (const { text, offset } of invalid) {
    const problem = `${JSON.stringify(text)} is not a reference to a variable`;
    const { line } = lines.linePos(offset);
    report(line, '', problem, `use \${NAME} or \${NAME:-default}, or $$ for $`);
  }
  if (aliases.length > MAX_ALIASES) {
    report(1, '', `the file has more than ${MAX_ALIASES} aliases`, 'write the values');
    return { values, places, structured, problems, references };
  }
  const targets = new Map<Node, Node>();
  for (const alias of aliases) {
    const target = alias.resolve(document);
    if (target !== undefined) targets.set(alias, target);
    else {
      const { line } = lines.linePos(alias.range?.[0] ?? 0);
      report(
        line,
        '',
        `*${alias.source} has no anchor`,
        `add &${alias.source} to a value before it`,
      );
    }
  }
  const context: FileContext = {
    lines,
    resolve: (node) => (isAlias(node) ? (targets.get(node) ?? null) : node),
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

/** Returns the values of mappings and lists that are scalars or aliases. Not recursive, for deep files. */
function findValues(root: Node | null): { scalars: Scalar[]; aliases: Alias[] } {
  const scalars: Scalar[] = [];
  const aliases: Alias[] = [];
  const nodes = [root];
  for (const node of nodes) {
    if (isMap<Node, Node | null>(node)) for (const { value } of node.items) nodes.push(value);
    else if (isSeq<Node | null>(node)) for (const item of node.items) nodes.push(item);
    else if (isScalar(node)) scalars.push(node);
    else if (isAlias(node)) aliases.push(node);
  }
  return { scalars, aliases };
}

/** Returns what to do about a syntax error in a line. */
function yamlFix(text: string, line: number): string {
  const isReference = text.split('\n')[line - 1]?.includes('${');
  return isReference
    ? `correct the YAML; within braces and brackets, quote references: "\${NAME}"`
    : 'correct the YAML';
}

/** Returns the message of the parser without its full stop and its excerpt. */
function firstClause(message: string): string {
  const [line = ''] = message.split('\n');
  return `the file is not valid YAML (${line.trim().replace(/[.:]$/, '')})`;
}
