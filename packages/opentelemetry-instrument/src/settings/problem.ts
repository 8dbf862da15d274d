import { printable } from 'opentelemetry-instrument-exporters';

/** Something about the settings that a person should know. */
export interface Problem {
  readonly variable: string;
  /** The value as it was written; undefined where it may be a secret. */
  readonly written?: string | undefined;
  /** What becomes of it, as the end of "OTEL_X is "y", ...". */
  readonly happens: string;
  /** What to write, without a full stop. */
  readonly write: string;
  /** True when it is pointless to start. */
  readonly isFatal: boolean;
}

const MAX_SHOWN = 120;

/** One line: variable, value as written, what happens now, what to write. */
export function describeProblem({ variable, written, happens, write }: Problem): string {
  const shown = written === undefined ? 'is set' : `is ${JSON.stringify(cut(written))}`;
  const line = `${variable} ${shown}, ${happens}: ${write}`.replace(/([^?!])$/, '$1.');
  // Names of variables are anything.
  return printable(line);
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
