import { nearestName } from './nearest-name.ts';
import type { Problem } from './problem.ts';
import { lookup, type RawValue, type Sources } from './sources.ts';

/** Aliases: OpenTelemetry Python's names, and the names here. */
const ALIASES: Readonly<Record<string, string>> = {
  OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED: 'OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED',
  OTEL_PYTHON_EXCLUDED_URLS: 'OTEL_JS_EXCLUDED_URLS',
  OTEL_PYTHON_FLASK_EXCLUDED_URLS: 'OTEL_JS_EXCLUDED_URLS',
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS: 'OTEL_JS_SENSITIVE_NAMES',
};

/** Returns the raw value of a variable under an alias. */
export function lookupAlias(sources: Sources, name: string): RawValue | undefined {
  for (const [python, ours] of Object.entries(ALIASES)) {
    const written = ours === name ? lookup(sources, python) : undefined;
    if (written !== undefined) return written;
  }
  return undefined;
}

/** Reports `OTEL_*` variables that are set but unknown. Their values may be secrets and are not shown. */
export function unknownVariables(sources: Sources, known: readonly string[]): Problem[] {
  const names = new Set(Object.values(sources).flatMap((written) => Object.keys(written ?? {})));
  return [...names]
    .filter((name) => name.startsWith('OTEL_') && !known.includes(name) && !isOfDeno(name))
    .filter((name) => lookup(sources, name) !== undefined)
    .sort()
    .map((variable) => ({ variable, isFatal: false, ...explain(variable, sources, known) }));
}

function explain(
  name: string,
  sources: Sources,
  known: readonly string[],
): Pick<Problem, 'effect' | 'fix'> {
  const ours = ALIASES[name];
  if (ours !== undefined) {
    const isTaken = lookup(sources, ours) === undefined;
    return {
      effect: isTaken ? `which is taken as ${ours}` : `which is ignored, as ${ours} is set, too`,
      fix: `write ${ours}`,
    };
  }
  if (name.startsWith('OTEL_PYTHON_')) {
    return { effect: 'which only Python reads', fix: 'leave it out' };
  }
  const nearest = nearestName(
    name.slice(5),
    known.filter((each) => each.startsWith('OTEL_')).map((each) => each.slice(5)),
  );
  return {
    effect: 'which nothing reads',
    fix: nearest ? `did you mean OTEL_${nearest}?` : 'docs/settings.md lists what is read',
  };
}

/** Returns whether Deno itself reads the variable: `OTEL_DENO`, `OTEL_DENO_TRACING`. */
function isOfDeno(name: string): boolean {
  return /^OTEL_DENO(_|$)/.test(name);
}
