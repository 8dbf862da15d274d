import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import protobuf from 'protobufjs/minimal.js';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Signal } from '../../exporters/exporter.ts';
import type { OtlpProtocol } from '../../exporters/index.ts';
import { describeFailure } from '../../exporters/otlp/failure/index.ts';
import { createOtlpExporter, loadOtlpExporter } from '../../exporters/otlp.ts';
import {
  exporterOptions,
  readSettings,
} from '../../packages/opentelemetry-instrument/src/settings/index.ts';
import { contextOf } from '../support/failure-context.ts';
import { openOtlp, send, startSink } from '../support/otlp-protocols.ts';
import type { OtlpAnswer } from '../support/otlp-sink.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';

afterEach(() => diag.disable());

/** Returns the error message of an export to `url`; empty if it succeeds. */
async function exportTo(
  url: string,
  protocol: OtlpProtocol = 'http/protobuf',
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const exporter = await openOtlp(protocol, url, {
    OTEL_EXPORTER_OTLP_TIMEOUT: '700',
    ...variables,
  });
  const spans = recordSpans((tracer) => tracer.startSpan('a').end());
  const { error } = await send(exporter, 'traces', spans);
  return error?.message.replace(url, 'URL') ?? '';
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => answer(incoming, outgoing));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(PROTOCOLS)('messages of OTLP by %s', (protocol) => {
  test(`${protocol} reports a refused connection`, async () => {
    const sink = await startSink(protocol);
    await sink.close();
    expect(await exportTo(sink.url, protocol)).toMatch(
      /^URL refused the connection; start a Collector there, or correct OTEL_EXPORTER_OTLP_ENDPOINT$/,
    );
  });

  test(`${protocol} reports an unknown host name`, async () => {
    expect(await exportTo('http://no-such-host.invalid:4318', protocol)).toMatch(
      /^URL cannot be reached: its host name is unknown; correct OTEL_EXPORTER_OTLP_ENDPOINT$/,
    );
  });

  test(`${protocol} reports denied access`, async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 401 });
    expect(await exportTo(sink.url, protocol)).toMatch(
      / denied access with .*; no headers were sent; set OTEL_EXPORTER_OTLP_HEADERS, for example to authorization=Bearer%20<token>$/,
    );
  });

  test(`${protocol} quotes the message of the collector`, async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 400, ...statusOf(protocol, 'the test wants it') });
    expect(await exportTo(sink.url, protocol)).toMatch(
      /^URL.* (?:rejected the request with status 400|responded with INVALID_ARGUMENT \(3\)): "the test wants it"; check the log of the Collector/,
    );
  });

  test(`${protocol} hides password and query of the URL`, async () => {
    const url = 'http://me:hunter2@no-such-host.invalid:4318?token=hunter2';
    expect(await exportTo(url, protocol)).not.toContain('hunter2');
    const exporter = await openOtlp(protocol, url);
    expect(exporter.describe('traces')).not.toContain('hunter2');
  });
});

/** Returns a google.rpc.Status as a response body. For gRPC, the sink itself sends the message. */
function statusOf(protocol: OtlpProtocol, message: string): Pick<OtlpAnswer, 'body'> {
  if (protocol === 'grpc') return {};
  if (protocol === 'http/json') return { body: JSON.stringify({ code: 3, message }) };
  const status = protobuf.Writer.create().uint32(8).int32(3).uint32(18).string(message);
  // Also details, which are ignored.
  return { body: status.uint32(26).bytes(new Uint8Array(40)).finish() };
}

test.each<[what: string, type: string, body: string, shown: string]>([
  ['text', 'text/plain; charset=utf-8', 'quota exceeded.\n', ': "quota exceeded"'],
  ['control characters', 'text/plain', '\u001b[31mbad\u202e\r\nday\0', ': "[31mbad day"'],
  [
    'credentials that were sent, redacted,',
    'text/plain',
    'no "Bearer s3cret", not s3cret',
    ': "no "REDACTED", not REDACTED"',
  ],
  ['a long text', 'text/plain', 'x'.repeat(9_999), `: "${'x'.repeat(300)}"`],
  ['JSON without a message as nothing', 'application/json', '{"message":{"a":1}}', ''],
  ['invalid JSON as nothing', 'application/json', '{', ''],
  ['invalid protobuf as nothing', 'application/x-protobuf', '\u000f\u0010', ''],
  ['bytes that are not text as nothing', 'text/plain', 'ÿ', ''],
  ['nothing', 'text/plain', '', ''],
])('OTLP over HTTP quotes %s', async (_, type, body, shown) => {
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(400, { 'content-type': type }).end(body, body === 'ÿ' ? 'latin1' : 'utf8');
  });
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20s3cret' };
  expect(await exportTo(url, 'http/protobuf', headers)).toBe(
    `URL/v1/traces rejected the request with status 400${shown}; check the log of the Collector, and OTEL_EXPORTER_OTLP_PROTOCOL`,
  );
});

test('OTLP over HTTP recognizes a gRPC port', async () => {
  await using sink = await startSink('grpc');
  expect(await exportTo(sink.url)).toMatch(
    /^URL does not support HTTP\/1\.1; set OTEL_EXPORTER_OTLP_PROTOCOL=grpc /,
  );
});

test('OTLP over gRPC recognizes a port for OTLP over HTTP', async () => {
  await using sink = await startSink('http/protobuf');
  expect(await exportTo(sink.url, 'grpc')).toMatch(
    /^URL does not support gRPC, or requires TLS; use the gRPC port in OTEL_EXPORTER_OTLP_ENDPOINT \(usually 4317\), or set OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/,
  );
});

test.each(['http/protobuf', 'grpc'] as const)(
  'OTLP over %s reports a server that does not support HTTP',
  async (protocol) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await exportTo(url, protocol)).toMatch(/^URL does not support .*; .*usually 431[78]/);
  },
);

test.each([200, 403, 404])('OTLP over HTTP reports a web page with status %s', async (status) => {
  const url = await serve((_, outgoing) => {
    outgoing
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end('<h1>Log in</h1>');
  });
  expect(await exportTo(url)).toBe(
    `URL/v1/traces responded with a web page (${status}), so it is not a Collector; check the host and port in OTEL_EXPORTER_OTLP_ENDPOINT; Collectors usually accept OTLP over HTTP on port 4318`,
  );
});

test('OTLP over HTTP reports a redirect with its target and does not follow it', async () => {
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(308, { location: 'https://collector.example/v1/traces?key=hunter2' }).end();
  });
  const problem =
    'URL/v1/traces redirects to https://collector.example/v1/traces (308), and exporters do not follow redirects';
  expect(await exportTo(url)).toBe(
    `${problem}; set OTEL_EXPORTER_OTLP_ENDPOINT=https://collector.example`,
  );
  const exact = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces` };
  expect(await exportTo(url, 'http/protobuf', exact)).toBe(
    `${problem}; set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector.example/v1/traces`,
  );
});

test('OTLP over HTTP reports a wrong path', async () => {
  const url = await serve((_, outgoing) => void outgoing.writeHead(404).end('no'));
  expect(await exportTo(url)).toBe(
    'URL/v1/traces does not accept traces at this path (404): "no"; correct the path in OTEL_EXPORTER_OTLP_ENDPOINT, or set OTEL_TRACES_EXPORTER=none if the server does not accept traces (Jaeger accepts only traces)',
  );
});

test('OTLP over HTTP accepts a success of another content type, with a warning', async () => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const logger = { error: warn, warn, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  expect(await exportTo(url)).toBe('');
  expect(warnings).toEqual([
    `${url}/v1/traces accepted an export, but responded with application/json instead of application/x-protobuf, so rejected records are not counted: check that the server is a Collector.`,
  ]);
});

test('createOtlpExporter() names its options in messages, not environment variables', async () => {
  const sink = await startSink('http/protobuf');
  await sink.close();
  const exporter = await createOtlpExporter({ url: sink.url, maxAttempts: 1 });
  const spans = recordSpans((tracer) => tracer.startSpan('a').end());
  const { error, description } = await send(exporter, 'traces', spans);
  expect(description).toEqual({
    problem: `${sink.url} refused the connection`,
    fix: 'start a Collector there, or correct url',
  });
  expect(error?.message).toBe(
    `${sink.url} refused the connection; start a Collector there, or correct url`,
  );
});

test.each<[Signal, string]>([
  ['traces', 'lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
  ['metrics', 'record fewer metrics'],
  ['logs', 'lower OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'],
])('describeFailure() explains how to make requests for %s smaller', (signal, advice) => {
  const { problem, fix } = describeFailure({ kind: 'http', status: 413 }, contextOf(signal));
  expect(problem).toBe(
    `http://collector:4318/v1/${signal} rejected the request as too large (413)`,
  );
  expect(fix).toContain(advice);
});

test('the otlp exporter names the flag if the user wrote a flag', async () => {
  const sink = await startSink('http/protobuf');
  await sink.close();
  const { otlp, settings, exporters } = readSettings({
    flag: {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      OTEL_TRACES_EXPORTER: 'otlp',
    },
  });
  const exporter = await loadOtlpExporter(exporterOptions({ settings, exporters, otlp }));
  const spans = recordSpans((tracer) => tracer.startSpan('a').end());
  const { description } = await send(exporter, 'traces', spans);
  expect(description?.fix).toBe('start a Collector there, or correct --exporter_otlp_endpoint');
});
