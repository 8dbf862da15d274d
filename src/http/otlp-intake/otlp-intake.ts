import { type Context, Hono } from 'hono';
import { createRedactor, type SensitiveNames } from 'hono-opentelemetry';
import { type BrowserSpan, type ParsedBatch, parseBatch } from 'opentelemetry-instrument/intake';
import { respondWithProblem } from '../errors/index.ts';
import { bodyLimit, createRateLimiter, csrf, rateLimit } from '../middleware/index.ts';
import { OTLP_INTAKE_PATH } from '../paths.ts';
import { readJsonBody } from '../read-json-body.ts';
import { createIntakeMetrics } from './intake-metrics.ts';
import { redactSpan } from './redact-span.ts';
import { createSpanBudget, type SpanBudget } from './span-budget.ts';

/** Receives the valid spans of a batch. */
export type ReceiveBrowserSpans = (spans: readonly BrowserSpan[]) => void;

/** Maximum size of a body, which is also the browsers' limit for beacons. */
const MAX_BODY_SIZE = 64 * 1024;
/** Batches per second and client. */
const BATCHES_PER_SECOND = 20;
const TOO_MANY_BATCHES = {
  title: 'Too many batches',
  text: `The server accepts up to ${BATCHES_PER_SECOND} batches per second from one address. Please wait a moment.`,
};
/** Spans per second of all clients. */
const SPANS_PER_SECOND = 1_000;

export interface OtlpIntakeOptions {
  readonly receiveSpans: ReceiveBrowserSpans;
  /** Names of query parameters to redact in addition to the known ones. */
  readonly sensitiveNames?: SensitiveNames | undefined;
  /** @default a limit of 1,000 spans a second, 2,000 at once */
  readonly budget?: SpanBudget;
}

/**
 * Serves the intake for spans of the app's pages, and passes them to the processors of the app's own
 * spans. It accepts OTLP/JSON, which a page may send as a `Blob` of the type `application/json`.
 *
 * The input is not trusted. Only ids, times, name, kind, status, attributes and events are used, within
 * limits; resource and scope are ignored. Pages of other sites are refused, but a program can send
 * anything. A span or an attribute that is invalid is left out, and the rest of its batch is accepted.
 *
 * Responses are those of OTLP/HTTP: 200, with `partialSuccess` if spans were rejected. Refusals are
 * problem details, as everywhere in this app: 400, 403, 405, 413, 415, 429.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function otlpIntake({
  receiveSpans,
  sensitiveNames,
  budget = createSpanBudget({ rate: SPANS_PER_SECOND }),
}: OtlpIntakeOptions): Hono {
  const app = new Hono();
  const redactor = createRedactor(sensitiveNames);
  const intakeMetrics = createIntakeMetrics();

  app.post(
    OTLP_INTAKE_PATH,
    async function countBatches(c, next) {
      await next();
      intakeMetrics.batchReceived(c.finalized ? c.res.status : 500);
    },
    csrf(),
    rateLimit(createRateLimiter(BATCHES_PER_SECOND, () => TOO_MANY_BATCHES)),
    async function limitTotalRate(c, next) {
      const seconds = budget.secondsToWait();
      return seconds === 0 ? next() : respondTooManySpans(c, seconds);
    },
    bodyLimit(MAX_BODY_SIZE),
    async (c) => {
      const body = await readJsonBody(c.req, ['application/json']);
      const batch = body.ok ? parseBatch(body.value) : undefined;
      // A batch without spans costs as much as one span.
      budget.spend(Math.max(batch?.spans.length ?? 0, 1));
      if (batch === undefined) return respondInvalid(c, body.ok ? 400 : body.status);
      intakeMetrics.spansParsed(batch.spans.length, batch.rejected);
      if (batch.spans.length > 0) {
        receiveSpans(batch.spans.map((span) => redactSpan(span, redactor)));
      }
      return c.json(exportResponse(batch));
    },
  );

  return app;
}

/** Creates an `ExportTraceServiceResponse`, whose 64-bit numbers are strings in JSON. */
function exportResponse({ rejected }: ParsedBatch) {
  if (rejected === 0) return {};
  const errorMessage = 'Spans need valid ids, times, kinds and names; a batch has at most 100.';
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage } };
}

function respondInvalid(c: Context, status: 400 | 415): Response {
  const detail =
    status === 415
      ? 'Send application/json, in UTF-8 and uncompressed.'
      : 'The body is not an ExportTraceServiceRequest in UTF-8 JSON.';
  return respondWithProblem(c, status, detail);
}

function respondTooManySpans(c: Context, seconds: number): Response {
  return respondWithProblem(c, 429, 'The pages send too many spans. Try again later.', {
    headers: { 'Retry-After': String(Math.ceil(seconds)) },
  });
}
