import { type Context, Hono } from 'hono';
import { answerError } from '../answer-error.ts';
import { answerMethodNotAllowed } from '../answer-failure.ts';
import { limitBody } from '../limit-body.ts';
import { limitRate } from '../limit-rate.ts';
import { readJsonBody } from '../read-json-body.ts';
import type { BrowserSpan } from './browser-span.ts';
import { type ParsedBatch, parseBatch } from './parse-batch.ts';

/** Where the app's pages send their spans with `navigator.sendBeacon()`. */
export const BROWSER_SPANS_PATH = '/otlp/v1/traces';

export type ReceiveSpans = (spans: readonly BrowserSpan[]) => void;

/** In bytes; browsers keep no more for beacons. */
const MAX_SIZE = 64 * 1024;
/** Batches a second from one client. */
const RATE = 20;

/**
 * Takes the spans of the app's pages as OTLP/JSON, which a page may send as a `Blob` of the type
 * `application/json`, and hands them to where the app's own go.
 *
 * What a browser says of itself is hearsay: of each span ids, times, name, kind, status, attributes
 * and events count, within limits, and nothing of its resource and scope. Like any caller it chooses
 * its trace ids. `refuseCrossSite()` stands before, so that pages of other sites cannot send; who is no
 * browser can, as they could forge what a browser says.
 *
 * Answers as OTLP/HTTP does, 200 with `partialSuccess` where spans were rejected. Refusals are
 * problem details, though, as all those of this app: 400, 403, 405, 413, 415, 429.
 * @param trustProxy whether `Forwarded` and `X-Forwarded-*` of this address count
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function browserSpans(
  receiveSpans: ReceiveSpans,
  trustProxy: (address: string) => boolean,
): Hono {
  const app = new Hono();

  app.post(
    BROWSER_SPANS_PATH,
    limitRate(RATE, trustProxy, 'batches'),
    limitBody(MAX_SIZE),
    async (c) => {
      const body = await readJsonBody(c.req, ['application/json']);
      if (!body.ok) return refuse(c, body.status);
      const batch = parseBatch(body.value);
      if (batch === undefined) return refuse(c, 400);
      if (batch.spans.length > 0) receiveSpans(batch.spans);
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
