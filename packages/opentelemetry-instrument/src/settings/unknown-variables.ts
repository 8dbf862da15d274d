import { nearestName } from './nearest-name.ts';
import { sourceOf } from './problem.ts';
import { lookup, ORIGINS, type RawValue, type Sources } from './sources.ts';
import type { Finding, Problem } from './variable.ts';

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
  const names = new Set(ORIGINS.flatMap((origin) => Object.keys(sources[origin] ?? {})));
  return [...names]
    .filter((name) => name.startsWith('OTEL_') && !known.includes(name) && !isOfDeno(name))
    .sort()
    .flatMap((variable) => {
      const found = lookup(sources, variable);
      if (found === undefined) return [];
      const finding = explain(variable, sources, known);
      return { variable, source: sourceOf(found), isFatal: false, ...finding };
    });
}

function explain(name: string, sources: Sources, known: readonly string[]): Finding {
  const ours = ALIASES[name];
  if (ours !== undefined) {
    const isUsed = lookup(sources, ours) === undefined;
    return {
      problem: 'this is the name in OpenTelemetry Python',
      effect: isUsed ? `using it as ${ours}` : `ignoring it, because ${ours} is also set`,
      fix: isUsed ? `rename it to ${ours}` : 'remove it',
    };
  }
  if (name.startsWith('OTEL_PYTHON_')) {
    return { problem: 'only OpenTelemetry Python uses this variable', fix: 'remove it' };
  }
  const nearest = nearestName(
    name.slice(5),
    known.filter((each) => each.startsWith('OTEL_')).map((each) => each.slice(5)),
  );
  const fix = nearest ? `did you mean OTEL_${nearest}?` : 'check its name, or remove it';
  return { problem: 'unknown variable', fix };
}

/** Returns whether Deno itself reads the variable: `OTEL_DENO`, `OTEL_DENO_TRACING`. */
function isOfDeno(name: string): boolean {
  return /^OTEL_DENO(_|$)/.test(name);
}
