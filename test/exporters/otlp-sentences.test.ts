import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import protobuf from 'protobufjs/minimal.js';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { openOtlp, PROTOCOLS, type Protocol, send, startSink } from '../support/otlp-protocols.ts';
import type { OtlpAnswer } from '../support/otlp-sink.ts';
import { recordSpans } from '../support/sdk-records.ts';

afterEach(() => diag.disable());

/** What the exporter says of an export to `url`; empty for one that succeeds. */
async function exportTo(
  url: string,
  protocol: Protocol = 'http/protobuf',
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

describe.each(PROTOCOLS)('OTLP by %s says in one sentence, with the remedy,', (protocol) => {
  test('that nobody listens', async () => {
    const sink = await startSink(protocol);
    await sink.close();
    expect(await exportTo(sink.url, protocol)).toMatch(
      /^URL.* is not there \(connection refused\): start a Collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT$/,
    );
  });

  test('that a host is not known', async () => {
    expect(await exportTo('http://no-such-host.invalid:4318', protocol)).toMatch(
      /^URL.* has a host that is not known: correct OTEL_EXPORTER_OTLP_ENDPOINT$/,
    );
  });

  test('that headers are not accepted', async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 401 });
    expect(await exportTo(sink.url, protocol)).toMatch(
      / refuses with .*: check OTEL_EXPORTER_OTLP_HEADERS$/,
    );
  });

  test('what the other end says of its refusal', async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 400, ...statusOf(protocol, 'the test wants it') });
    expect(await exportTo(sink.url, protocol)).toMatch(
      /^URL.* refuses with .*, saying "the test wants it": see the log of the Collector there$/,
    );
  });

  test('neither password nor query of a URL', async () => {
    const url = 'http://me:hunter2@no-such-host.invalid:4318?token=hunter2';
    expect(await exportTo(url, protocol)).not.toContain('hunter2');
    const exporter = await openOtlp(protocol, url);
    expect(exporter.describe('traces')).not.toContain('hunter2');
  });
});

/** A google.rpc.Status as the body of an answer; the sink of gRPC has a message of its own. */
function statusOf(protocol: Protocol, message: string): Pick<OtlpAnswer, 'body'> {
  if (protocol === 'grpc') return {};
  if (protocol === 'http/json') return { body: JSON.stringify({ code: 3, message }) };
  const status = protobuf.Writer.create().uint32(8).int32(3).uint32(18).string(message);
  // And details, which nobody reads.
  return { body: status.uint32(26).bytes(new Uint8Array(40)).finish() };
}

test.each<[what: string, type: string, body: string, shown: string]>([
  ['text', 'text/plain; charset=utf-8', 'quota exceeded.\n', ', saying "quota exceeded"'],
  ['control characters', 'text/plain', '\u001b[31mbad\u202e\r\nday\0', ', saying "[31mbad day"'],
  [
    'what was sent to be let in',
    'text/plain',
    'no "Bearer s3cret", not s3cret',
    ', saying "no "REDACTED", not REDACTED"',
  ],
  ['more than anybody reads', 'text/plain', 'x'.repeat(9_999), `, saying "${'x'.repeat(300)}"`],
  ['JSON without a message', 'application/json', '{"message":{"a":1}}', ''],
  ['what is no JSON', 'application/json', '{', ''],
  ['what is no protobuf', 'application/x-protobuf', '\u000f\u0010', ''],
  ['bytes that are no text', 'text/plain', 'ÿ', ''],
  ['nothing', 'text/plain', '', ''],
])('OTLP over HTTP quotes %s', async (_, type, body, shown) => {
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(400, { 'content-type': type }).end(body, body === 'ÿ' ? 'latin1' : 'utf8');
  });
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20s3cret' };
  expect(await exportTo(url, 'http/protobuf', headers)).toBe(
    `URL/v1/traces refuses with status 400${shown}: see the log of the Collector there`,
  );
});

test('OTLP over HTTP names gRPC where a port of gRPC answers', async () => {
  await using sink = await startSink('grpc');
  expect(await exportTo(sink.url)).toMatch(
    /^URL.* does not speak HTTP\/1\.1: set OTEL_EXPORTER_OTLP_PROTOCOL=grpc /,
  );
});

test('OTLP over gRPC names HTTP where a port of OTLP over HTTP answers', async () => {
  await using sink = await startSink('http/protobuf');
  expect(await exportTo(sink.url, 'grpc')).toMatch(
    /^URL does not speak gRPC, .*: write the port of gRPC, mostly 4317, or set OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/,
  );
});

test.each(['http/protobuf', 'grpc'] as const)(
  '%s names what is no HTTP at all',
  async (protocol) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await exportTo(url, protocol)).toMatch(/^URL.* does not speak .*: .*mostly 431[78]/);
  },
);

test.each([200, 403, 502])('a web page with status %s is no answer', async (status) => {
  const url = await serve((_, outgoing) => {
    outgoing
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end('<h1>Log in</h1>');
  });
  expect(await exportTo(url)).toBe(
    `URL/v1/traces answers with a web page (${status}), so a proxy or something else is there: check OTEL_EXPORTER_OTLP_ENDPOINT`,
  );
});

test('a redirect is not followed, and told with its target', async () => {
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(308, { location: 'https://collector.example/v1/traces?key=hunter2' }).end();
  });
  const redirects =
    'URL/v1/traces redirects (308), which is not followed: write where it redirects to';
  expect(await exportTo(url)).toBe(
    `${redirects}, https://collector.example, in OTEL_EXPORTER_OTLP_ENDPOINT`,
  );
  const exact = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces` };
  expect(await exportTo(url, 'http/protobuf', exact)).toBe(
    `${redirects}, https://collector.example/v1/traces, in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`,
  );
});

test('a wrong path is told', async () => {
  const url = await serve((_, outgoing) => void outgoing.writeHead(404).end('no'));
  expect(await exportTo(url)).toBe(
    'URL/v1/traces refuses with status 404: check the path in OTEL_EXPORTER_OTLP_ENDPOINT',
  );
});

test('an answer of another kind is a success, with a warning', async () => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const logger = { error: warn, warn, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const url = await serve((_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  expect(await exportTo(url)).toBe('');
  expect(warnings).toEqual([
    `${url}/v1/traces accepts what it is sent, but answers with application/json in place of application/x-protobuf, so rejections are not counted: see whether that is a Collector.`,
  ]);
});
