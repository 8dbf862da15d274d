import type { Cause, JaegerFinding } from '../diagnosis.ts';

/** Why nobody will see the trace in Jaeger; undefined when it is there. */
export function explainJaeger(finding: JaegerFinding): Cause | undefined {
  switch (finding.kind) {
    case 'found':
      return undefined;
    case 'not-found':
      return {
        because: `the span was accepted, but Jaeger does not have it after ${finding.millis} ms.`,
        change:
          "Look at the way from the Collector to Jaeger: the Collector's exporters and log, its sampling, Jaeger's storage.",
      };
    case 'no-jaeger':
      return {
        because: `the span was accepted, but no Jaeger API answers (${[finding.status, finding.contentType].join(', ').replace(/, $/, '')}).`,
        change: "Correct Jaeger's URL: it is that of its page, with its base path.",
      };
    case 'unreachable':
      return {
        because: `the span was accepted, but Jaeger cannot be asked (${finding.code}).`,
        change: "Start Jaeger, or correct Jaeger's URL.",
      };
  }
}
