import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../error-code.ts';
import { sourceOf } from '../problem.ts';
import { type Environment, lookup, ORIGINS, type Sources } from '../sources.ts';
import type { Problem } from '../variable.ts';

const VARIABLE = 'OTEL_CONFIG_FILE';
/** Maximum size of a file. It bounds the time of the parser, which grows with its square for deep lists. */
const MAX_BYTES = 128 * 1024;

/**
 * Returns the sources with the values of the declarative configuration file, if `OTEL_CONFIG_FILE` names
 * one. All other `OTEL_*` variables are removed from them, as the specification requires.
 *
 * The file is parsed only here, so that programs without one do not load the parser.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk/#parse
 */
export async function applyConfigFile(sources: Sources): Promise<Sources> {
  const found = lookup(sources, VARIABLE);
  if (found === undefined) return sources;
  const path = found.text;
  const own = Object.fromEntries(
    ORIGINS.flatMap((origin) => {
      const values = Object.entries(sources[origin] ?? {});
      return [[origin, Object.fromEntries(values.filter(([name]) => isKept(name)))]];
    }),
  );
  const fail = (problem: string): Sources => ({
    ...own,
    file: {},
    problems: [
      {
        variable: VARIABLE,
        source: sourceOf(found, 'config_file'),
        problem,
        fix: FIX,
        isFatal: true,
      },
    ],
  });
  let text: string | undefined;
  try {
    text = readText(path);
  } catch (error) {
    return fail(`${JSON.stringify(path)} cannot be read (${errorCode(error)})`);
  }
  if (text === undefined) return fail(`${JSON.stringify(path)} is larger than ${MAX_BYTES} bytes`);
  const { readConfigFile } = await import('./read-config-file.ts');
  const env: Environment = { ...sources['.env'], ...sources.variable };
  const { values, places, structured, problems, references } = readConfigFile(path, text, env);
  const ignored = ignoredNames(sources).filter((name) => !references.has(name));
  return {
    ...own,
    file: values,
    places,
    structured,
    problems: [...ignoring(ignored), ...problems],
  };
}

const FIX = 'use the path of a YAML file';

/** Returns the text of a file, which may be a pipe; undefined if it is too large. */
function readText(path: string): string | undefined {
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  const file = openSync(path, 'r');
  try {
    for (let length = 0; length < bytes.length; ) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) return bytes.toString('utf8', 0, length);
      length += read;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Returns the names of variables that the file replaces. */
function ignoredNames(sources: Sources): string[] {
  const names = ORIGINS.flatMap((origin) => Object.keys(sources[origin] ?? {}));
  const set = names.filter((name) => !isKept(name) && lookup(sources, name) !== undefined);
  return [...new Set(set)].sort();
}

function isKept(name: string): boolean {
  return !name.startsWith('OTEL_') || name === VARIABLE || /^OTEL_DENO(?:_|$)/.test(name);
}

function ignoring(names: readonly string[]): Problem[] {
  if (names.length === 0) return [];
  return [
    {
      variable: VARIABLE,
      source: VARIABLE,
      problem: 'the file replaces all other OTEL_* variables',
      effect: `ignoring ${names.join(', ')}`,
      fix: `remove them, or use \${${names[0]}} in the file`,
      isFatal: false,
    },
  ];
}
