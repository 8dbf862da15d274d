import { type Context, Hono } from 'hono';
import { createRedactor, type SensitiveNames } from 'hono-opentelemetry';
import { type BrowserSpan, type ParsedBatch, parseBatch } from 'opentelemetry-instrument/intake';
import { answerError } from '../errors/respond-with-error.ts';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';
import { limitBody } from '../middleware/body-limit.ts';
import { refuseCrossSite } from '../middleware/csrf.ts';
import { limitRate } from '../middleware/rate-limit.ts';
import { readJsonBody } from '../read-json-body.ts';
import { createIntakeMetrics, type IntakeMetrics } from './intake-metrics.ts';
import { redactSpan } from './redact-span.ts';
import { createSpanBudget, type SpanBudget } from './span-budget.ts';

/** Where the app's pages send their spans with `navigator.sendBeacon()`. */
export const BROWSER_SPANS_PATH = '/otlp/v1/traces';

export type ReceiveSpans = (spans: readonly BrowserSpan[]) => void;

/** Bytes of a body. Browsers keep no more for beacons. */
const MAX_SIZE = 64 * 1024;
/** Batches a second from one client. */
const CLIENT_RATE = 20;
/** Spans a second from all clients together. */
const TOTAL_RATE = 1_000;

export interface BrowserSpansOptions {
  readonly receiveSpans: ReceiveSpans;
  /** Names of query parameters to redact in addition to the known ones. */
  readonly sensitiveNames?: SensitiveNames | undefined;
  /** @default a limit of 1,000 spans a second, 2,000 at once */
  readonly budget?: SpanBudget;
  /** @default made with the global provider */
  readonly intakeMetrics?: IntakeMetrics;
}

/**
 * Serves the intake for spans of the app's pages. It accepts OTLP/JSON, which a page may send as a
 * `Blob` of the type `application/json`, and passes them to the processors of the app's own spans.
 *
 * The input is not trusted. Only ids, times, name, kind, status, attributes and events are used, within
 * limits; resource and scope are ignored. Pages of other sites are refused, but a program can send
 * anything. A span or an attribute that is invalid is left out, and the rest of its batch is accepted.
 *
 * Responses are those of OTLP/HTTP: 200, with `partialSuccess` if spans were rejected. Refusals are
 * problem details, as everywhere in this app: 400, 403, 405, 413, 415, 429.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function browserSpans({
  receiveSpans,
  sensitiveNames,
  budget = createSpanBudget({ rate: TOTAL_RATE }),
  intakeMetrics = createIntakeMetrics(),
}: BrowserSpansOptions): Hono {
  const app = new Hono();
  const redactor = createRedactor(sensitiveNames);

  app.post(
    BROWSER_SPANS_PATH,
    async function countBatches(c, next) {
      await next();
      intakeMetrics.batchAnswered(c.finalized ? c.res.status : 500);
    },
    refuseCrossSite(),
    limitRate(CLIENT_RATE, 'batches'),
    async function limitTotalRate(c, next) {
      const seconds = budget.secondsToWait();
      return seconds === 0 ? next() : refuseForNow(c, seconds);
    },
    limitBody(MAX_SIZE),
    async (c) => {
      const body = await readJsonBody(c.req, ['application/json']);
      const batch = body.ok ? parseBatch(body.value) : undefined;
      // A batch without spans costs as much as one span.
      budget.spend(Math.max(batch?.spans.length ?? 0, 1));
      if (batch === undefined) return refuse(c, body.ok ? 400 : body.status);
      intakeMetrics.spansParsed(batch.spans.length, batch.rejected);
      if (batch.spans.length > 0) {
        receiveSpans(batch.spans.map((span) => redactSpan(span, redactor)));
      }
      return c.json(exportResponse(batch));
    },
  );
  app.all(BROWSER_SPANS_PATH, answerMethodNotAllowed('POST'));

  return app;
}

/** An `ExportTraceServiceResponse`, whose 64-bit numbers are texts in JSON. */
function exportResponse({ rejected }: ParsedBatch) {
  if (rejected === 0) return {};
  const errorMessage = 'Ids, times, kinds and names of spans are checked, of up to 100 in a batch.';
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage } };
}

function refuse(c: Context, status: 400 | 415): Response {
  const text =
    status === 415
      ? 'Send application/json, in UTF-8 and uncompressed.'
      : 'The body is no ExportTraceServiceRequest as JSON in UTF-8.';
  return answerError(c, status, { title: 'Not taken', text });
}

function refuseForNow(c: Context, seconds: number): Response {
  return answerError(
    c,
    429,
    { title: 'Too many spans', text: 'All pages together send too many spans. Try again later.' },
    { 'Retry-After': String(Math.ceil(seconds)) },
  );
}
