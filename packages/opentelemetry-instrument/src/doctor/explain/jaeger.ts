import type { Cause, JaegerFinding } from '../diagnosis.ts';

/** Explains why Jaeger does not have the trace; returns undefined if it has. */
export function explainJaeger(finding: JaegerFinding): Cause | undefined {
  switch (finding.kind) {
    case 'found':
      return undefined;
    case 'not-found':
      return {
        because: `the span was accepted, but Jaeger does not have it after ${finding.millis} ms.`,
        change: "Check the Collector's exporters, log and sampling, and Jaeger's storage.",
      };
    case 'no-jaeger':
      return {
        because: `the span was accepted, but the URL is not that of a Jaeger API (${[finding.status, finding.contentType].join(', ').replace(/, $/, '')}).`,
        change: "Correct Jaeger's URL: use that of its page, with its base path.",
      };
    case 'unreachable':
      return {
        because: `the span was accepted, but Jaeger cannot be reached (${finding.code}).`,
        change: "Start Jaeger, or correct Jaeger's URL.",
      };
  }
}
