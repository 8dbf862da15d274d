import { nearestName } from './nearest-name.ts';
import type { Problem } from './problem.ts';
import { findWritten, type Sources, type Written } from './sources.ts';

/** Names of the Python original's, which its users bring along, and what they are called here. */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED: 'OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED',
  OTEL_PYTHON_EXCLUDED_URLS: 'OTEL_JS_EXCLUDED_URLS',
  OTEL_PYTHON_FLASK_EXCLUDED_URLS: 'OTEL_JS_EXCLUDED_URLS',
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS: 'OTEL_JS_SENSITIVE_NAMES',
};

/** What was written for a variable under a name that Python has for it. */
export function findByPythonName(sources: Sources, name: string): Written | undefined {
  for (const [python, ours] of Object.entries(PYTHON_NAMES)) {
    const written = ours === name ? findWritten(sources, python) : undefined;
    if (written !== undefined) return written;
  }
  return undefined;
}

/** `OTEL_*` variables that are set and not known. Their values may be secrets and are not shown. */
export function otherNames(sources: Sources, known: readonly string[]): Problem[] {
  const names = new Set(Object.values(sources).flatMap((written) => Object.keys(written ?? {})));
  return [...names]
    .filter((name) => name.startsWith('OTEL_') && !known.includes(name) && !isOfDeno(name))
    .filter((name) => findWritten(sources, name) !== undefined)
    .sort()
    .map((variable) => ({ variable, isFatal: false, ...explain(variable, sources, known) }));
}

function explain(
  name: string,
  sources: Sources,
  known: readonly string[],
): Pick<Problem, 'happens' | 'write'> {
  const ours = PYTHON_NAMES[name];
  if (ours !== undefined) {
    const isTaken = findWritten(sources, ours) === undefined;
    return {
      happens: isTaken ? `which is taken as ${ours}` : `which is ignored, as ${ours} is set, too`,
      write: `write ${ours}`,
    };
  }
  if (name.startsWith('OTEL_PYTHON_')) {
    return { happens: 'which only Python reads', write: 'leave it out' };
  }
  const nearest = nearestName(
    name.slice(5),
    known.filter((each) => each.startsWith('OTEL_')).map((each) => each.slice(5)),
  );
  return {
    happens: 'which nothing reads',
    write: nearest ? `did you mean OTEL_${nearest}?` : 'docs/settings.md lists what is read',
  };
}

/** Deno reads `OTEL_DENO`, `OTEL_DENO_TRACING` and the like by itself. */
function isOfDeno(name: string): boolean {
  return /^OTEL_DENO(_|$)/.test(name);
}
