import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import type { Signal } from 'opentelemetry-instrument-exporters';
import { spansToJson } from 'opentelemetry-instrument-exporters/otlp/json';
import { guardRequests } from '../server/index.ts';
import type { TraceStore } from '../store/index.ts';
import {
  acceptExport,
  gunzipBody,
  MAX_REQUEST_BYTES,
  type ReceiverOptions,
  RefusedExportError,
  tooLarge,
} from './accept-export.ts';
import { encodeExportResponse, encodeStatus, exportResponseJson } from './response-messages.ts';

export interface OtlpHttpOptions extends ReceiverOptions {
  /** Serves `GET` and `DELETE /v1/traces`. */
  readonly store: Pick<TraceStore, 'findTraces' | 'getTrace' | 'clear'>;
  /** Host names that are accepted in addition to loopback names. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

type Encoding = 'protobuf' | 'json';

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'application/x-protobuf': 'protobuf',
  'application/json': 'json',
};

/**
 * Creates an OTLP/HTTP receiver, as protobuf or JSON, with or without gzip.
 *
 * For tests, `GET /v1/traces` returns all spans as OTLP JSON, and `DELETE /v1/traces` drops everything.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpHttp({ store, allowedHosts, ...receiver }: OtlpHttpOptions): Hono {
  const app = new Hono();
  // The guard refuses other origins, so the ones that pass may all read the response.
  app.use(guardRequests({ allowedHosts, origins: 'loopback' }));
  app.use(
    cors({
      origin: (origin) => origin,
      allowMethods: ['POST', 'GET', 'DELETE'],
      maxAge: 600,
    }),
  );

  async function handleExport(c: Context): Promise<Response> {
    const signal = SIGNALS[c.req.path] as Signal;
    const encoding = encodingOf(c);
    if (encoding === undefined) {
      return c.text('Use the content type application/x-protobuf or application/json.\n', 415);
    }
    const compression = c.req.header('Content-Encoding') ?? 'identity';
    if (compression !== 'gzip' && compression !== 'identity') {
      return respondWithError(c, encoding, 415, 'Use the content encoding gzip, or none.');
    }
    const sent = new Uint8Array(await c.req.arrayBuffer());
    const body = compression === 'gzip' ? await gunzipBody(sent) : sent;
    const outcome = acceptExport(signal, body, encoding, receiver, c.req.header('Via'));
    if (encoding === 'json') return c.json(exportResponseJson(signal, outcome));
    return respondWithProtobuf(c, 200, encodeExportResponse(outcome));
  }

  const limit = bodyLimit({
    maxSize: MAX_REQUEST_BYTES,
    onError: (c) => respondWithError(c, encodingOf(c) ?? 'json', 413, tooLarge().message),
  });
  for (const path of Object.keys(SIGNALS)) app.post(path, limit, handleExport);

  app.get('/v1/traces', (c) => {
    const { traces } = store.findTraces({ sort: 'oldest', limit: Infinity });
    const spans = traces.flatMap(({ traceId }) => store.getTrace(traceId)?.spans ?? []);
    return c.body(spansToJson(spans), 200, { 'Content-Type': 'application/json' });
  });
  app.delete('/v1/traces', (c) => {
    store.clear();
    return c.body(null, 204);
  });
  app.all('/v1/*', (c) => {
    if (SIGNALS[c.req.path] === undefined) return c.notFound();
    return c.text('Use POST.\n', 405, { Allow: 'POST' });
  });
  app.notFound((c) =>
    c.text('OTLP/HTTP is at /v1/traces, /v1/metrics and /v1/logs, gRPC on another port.\n', 404),
  );
  app.onError((error, c) => {
    const encoding = encodingOf(c) ?? 'json';
    if (!(error instanceof RefusedExportError)) {
      return respondWithError(c, encoding, 500, 'The request cannot be processed.');
    }
    const status = error.reason === 'too-large' ? 413 : 400;
    return respondWithError(c, encoding, status, error.message);
  });
  return app;
}

function encodingOf(c: Context): Encoding | undefined {
  const [type = ''] = (c.req.header('Content-Type') ?? '').split(';');
  return ENCODINGS[type.trim().toLowerCase()];
}

function respondWithError(
  c: Context,
  encoding: Encoding,
  status: 400 | 413 | 415 | 500,
  message: string,
): Response {
  // An invalid request stays invalid; the code of gRPC says so to those who read the body only.
  if (encoding === 'json') return c.json({ code: status === 500 ? 13 : 3, message }, status);
  return respondWithProtobuf(c, status, encodeStatus(message));
}

function respondWithProtobuf(c: Context, status: 200 | 400 | 413 | 415 | 500, body: Uint8Array) {
  return c.body(Uint8Array.from(body), status, { 'Content-Type': 'application/x-protobuf' });
}
