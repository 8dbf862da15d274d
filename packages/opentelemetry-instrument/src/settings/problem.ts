import { printable } from 'opentelemetry-instrument-exporters';

/** A mistake or an oddity in the settings. */
export interface Problem {
  readonly variable: string;
  /** The value as written; undefined if it may be a secret. */
  readonly written?: string | undefined;
  /** What the program does with it, as the end of "OTEL_X is "y", ...". */
  readonly effect: string;
  /** What to write instead, without a full stop. */
  readonly fix: string;
  /** True if the program must not start. */
  readonly isFatal: boolean;
}

const MAX_SHOWN = 120;

/** Returns one line: variable, value as written, effect and fix. */
export function describeProblem({ variable, written, effect, fix }: Problem): string {
  const shown = written === undefined ? 'is set' : `is ${JSON.stringify(cut(written))}`;
  const line = `${variable} ${shown}, ${effect}: ${fix}`.replace(/([^?!])$/, '$1.');
  // Names of variables may contain any character.
  return printable(line);
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
