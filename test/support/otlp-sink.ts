import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Signal } from '../../exporters/exporter.ts';
import { flattenExportRequest } from './flatten-export-request.ts';
import { decodeExportRequest, encodeExportResponse, exportResponse } from './otlp-definitions.ts';
import { decodeJsonExportRequest } from './otlp-json.ts';
import type { OtlpLog, OtlpMetric, OtlpRecords, OtlpSpan } from './otlp-records.ts';
import { waitUntil } from './wait-until.ts';

/** One export request as received, independent of the response. */
export interface OtlpRequest extends OtlpRecords {
  readonly signal: Signal;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** After decompression. */
  readonly body: Uint8Array;
  /** Fields that the official definitions do not know: none in a correct request. */
  readonly unknownFields: readonly string[];
  /** Milliseconds, to compare with one another. */
  readonly receivedAt: number;
}

export interface OtlpAnswer {
  /** Default 200. Records answered with another status are not kept. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the correct response message. */
  readonly body?: Uint8Array | string;
  /** Makes the answer a partial success that refuses so many: the first ones are not kept. */
  readonly rejected?: number;
  readonly errorMessage?: string;
  /**
   * - `hang` never responds and keeps nothing
   * - `drip` sends the headers, then a byte every 50 ms forever
   * - `reset` cuts the connection in the middle of the response, `cut` before it
   * - `proxy` responds with a proxy's web page with status 503, and keeps nothing
   */
  readonly fault?: 'hang' | 'drip' | 'reset' | 'cut' | 'proxy';
}

type Decide = (request: OtlpRequest) => OtlpAnswer | Promise<OtlpAnswer>;

/** TLS identity of a server of the tests, as PEM. */
export interface SecureOptions {
  readonly certificate: string;
  readonly key: string;
  /** Authority of the certificates that clients must have. Default: they need none. */
  readonly clientAuthority?: string;
}

/** An OTLP server of the tests. */
export interface OtlpSink extends AsyncDisposable {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly requests: readonly OtlpRequest[];
  /** Accepted spans in the order of arrival; likewise the metrics and logs below. */
  readonly spans: readonly OtlpSpan[];
  readonly metrics: readonly OtlpMetric[];
  readonly logs: readonly OtlpLog[];
  /** Invalid requests, which got a 4xx: a wrong path, a body that cannot be decoded. */
  readonly problems: readonly string[];
  /** Decides on every request from now on. Until then all are answered with success. */
  answerWith(answer: OtlpAnswer | Decide): void;
  /** @param timeoutMillis default 10,000 */
  waitFor(predicate: (sink: OtlpSink) => boolean, timeoutMillis?: number): Promise<void>;
  /** Cuts what is still connected. */
  close(): Promise<void>;
}

/** Starts an OTLP/HTTP sink. @param port default: a free one */
export async function startOtlpSink(
  port = 0,
  host = '127.0.0.1',
  secure?: SecureOptions,
): Promise<OtlpSink> {
  const { receive, problems, toSink } = createReceiver();

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse) {
    // A client that gives up in the middle must not end the tests.
    outgoing.on('error', () => {});
    try {
      const request = parseRequest(
        `${incoming.method}`,
        `${incoming.url}`,
        incoming.headers,
        await buffer(incoming),
      );
      respond(outgoing, request, await receive(request));
    } catch (error) {
      problems.push(`${incoming.method} ${incoming.url}: ${error}`);
      outgoing.writeHead(400).end(String(error));
    }
  }
  const server = secure
    ? createSecureServer(
        {
          cert: secure.certificate,
          key: secure.key,
          ...(secure.clientAuthority && {
            ca: secure.clientAuthority,
            requestCert: true,
            rejectUnauthorized: true,
          }),
        },
        answer,
      )
    : createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = `${host}:${(server.address() as AddressInfo).port}`;
  return toSink(`${secure ? 'https' : 'http'}://${address}`, () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  });
}

/** Creates the behavior of a sink, for any protocol. */
export function createReceiver() {
  const requests: OtlpRequest[] = [];
  const kept = { spans: [] as OtlpSpan[], metrics: [] as OtlpMetric[], logs: [] as OtlpLog[] };
  const problems: string[] = [];
  let decide: Decide = () => ({});

  function describe(): string {
    const { spans, metrics, logs } = kept;
    const counts = `${spans.length} spans, ${metrics.length} metrics, ${logs.length} logs`;
    return `The sink took ${requests.length} requests and kept ${counts}. ${problems.join('. ')}`;
  }
  return {
    problems,
    async receive(request: OtlpRequest): Promise<OtlpAnswer> {
      requests.push(request);
      const answer = await decide(request);
      keep(kept, request, answer);
      return answer;
    },
    toSink(url: string, close: () => Promise<void>): OtlpSink {
      const sink: OtlpSink = {
        url,
        requests,
        ...kept,
        problems,
        answerWith(answer) {
          decide = typeof answer === 'function' ? answer : () => answer;
        },
        waitFor(predicate, timeoutMillis = 10_000) {
          return waitUntil(() => predicate(sink), timeoutMillis, describe);
        },
        close,
        [Symbol.asyncDispose]: close,
      };
      return sink;
    },
  };
}

const signals: Readonly<Record<string, Signal>> = {
  'POST /v1/traces': 'traces',
  'POST /v1/metrics': 'metrics',
  'POST /v1/logs': 'logs',
};

const decoders: Readonly<Record<string, typeof decodeExportRequest>> = {
  'application/x-protobuf': decodeExportRequest,
  'application/json': decodeJsonExportRequest,
};

function parseRequest(
  method: string,
  target: string,
  headers: IncomingHttpHeaders,
  sent: Uint8Array,
): OtlpRequest {
  const receivedAt = performance.now();
  const signal = signals[`${method} ${target.replace(/\?.*/, '')}`];
  if (!signal) throw new Error(`no OTLP path; known are ${Object.keys(signals).join(', ')}`);
  const decode = decoders[headers['content-type'] ?? ''];
  if (!decode) {
    throw new Error(`the content type is ${headers['content-type']}, not application/x-protobuf`);
  }
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const { message, unknownFields } = decode(signal, body);
  const records = flattenExportRequest(signal, message);
  return { signal, target, headers, body, unknownFields, receivedAt, ...records };
}

function keep(
  kept: { spans: OtlpSpan[]; metrics: OtlpMetric[]; logs: OtlpLog[] },
  request: OtlpRequest,
  { status = 200, rejected = 0, fault }: OtlpAnswer,
): void {
  if (status < 200 || status > 299 || fault === 'hang' || fault === 'proxy') return;
  kept.spans.push(...request.spans.slice(rejected));
  kept.metrics.push(...request.metrics.slice(rejected));
  kept.logs.push(...request.logs.slice(rejected));
}

function respond(
  outgoing: ServerResponse,
  { signal, headers: { 'content-type': contentType } }: OtlpRequest,
  answer: OtlpAnswer,
): void {
  const { status = 200, headers, fault } = answer;
  if (fault === 'hang') return;
  if (fault === 'proxy') {
    return void outgoing.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Later</h1>');
  }
  if (fault === 'cut') return void outgoing.socket?.destroy();
  const encode =
    contentType === 'application/json'
      ? () => JSON.stringify(exportResponse(signal, answer))
      : () => encodeExportResponse(signal, answer);
  outgoing.writeHead(status, { 'content-type': contentType, ...headers });
  const body = answer.body ?? encode();
  if (fault === undefined) {
    outgoing.end(body);
  } else if (fault === 'reset') {
    outgoing.write('cut', () => outgoing.socket?.destroy());
  } else {
    const drip = setInterval(() => outgoing.write('.'), 50);
    outgoing.once('close', () => clearInterval(drip));
  }
}
