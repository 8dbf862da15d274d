import { writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OtlpProtocol } from '../../exporters/index.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { type Certificate, createAuthority } from '../support/certificates.ts';
import { openOtlp, send, startSink } from '../support/otlp-protocols.ts';
import type { OtlpSink, SecureOptions } from '../support/otlp-sink.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const CERTIFICATE = 'OTEL_EXPORTER_OTLP_CERTIFICATE';
const authority = createAuthority();
const directory = useTemporaryDirectory();

/** Writes certificate and key into files. @returns their paths */
function save({ certificate, key }: Certificate): { certificate: string; key: string } {
  const paths = { certificate: directory.newPath(), key: directory.newPath() };
  writeFileSync(paths.certificate, certificate);
  writeFileSync(paths.key, key);
  return paths;
}

/** Sends a span to a server over TLS. @returns the exporter's message about a failure */
async function deliver(
  protocol: OtlpProtocol,
  secure: SecureOptions,
  variables: (sink: OtlpSink) => Record<string, string>,
): Promise<{ sink: OtlpSink; message: string }> {
  const sink = await startSink(protocol, secure);
  onTestFinished(() => sink.close());
  const exporter = await openOtlp(protocol, sink.url, {
    OTEL_EXPORTER_OTLP_TIMEOUT: '900',
    ...variables(sink),
  });
  const spans = recordSpans((tracer) => tracer.startSpan('secret').end());
  const { error } = await send(exporter, 'traces', spans);
  return { sink, message: error?.message ?? '' };
}

describe.each(PROTOCOLS)('OTLP by %s over TLS', (protocol) => {
  const trusting = { [CERTIFICATE]: save(authority).certificate };

  test(`${protocol} trusts a private authority whose certificate is set`, async () => {
    const { sink, message } = await deliver(protocol, authority.issue(), () => trusting);
    expect(message).toBe('');
    expect(sink.spans).toHaveLength(1);
  });

  test(`${protocol} sends a client certificate if the server requires one`, async () => {
    const client = save(authority.issue({ host: 'client' }));
    const secure = { ...authority.issue(), clientAuthority: authority.certificate };
    const { sink, message } = await deliver(protocol, secure, () => ({
      ...trusting,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certificate,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
    }));
    expect(message).toBe('');
    expect(sink.spans).toHaveLength(1);
  });

  test(`${protocol} names the missing setting if the server requires a client certificate`, async () => {
    const secure = { ...authority.issue(), clientAuthority: authority.certificate };
    const { sink, message } = await deliver(protocol, secure, () => trusting);
    expect(message).toMatch(/client certificate; set OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and /);
    expect(sink.spans).toEqual([]);
  });

  test(`${protocol} reports an expired certificate`, async () => {
    const expired = authority.issue({ expires: new Date('2021-01-01') });
    const { message } = await deliver(protocol, expired, () => trusting);
    expect(message).toMatch(/certificate.*expired|expired certificate/);
  });

  test(`${protocol} reports a certificate for another host`, async () => {
    const other = authority.issue({ host: 'elsewhere.example' });
    const { message } = await deliver(protocol, other, () => trusting);
    expect(message).toMatch(/certificate for another host; use a host that the certificate names/);
  });

  test(`${protocol} reports a certificate of an unknown authority`, async () => {
    const { message } = await deliver(protocol, authority.issue(), () => ({}));
    expect(message).toMatch(/cannot be verified; set OTEL_EXPORTER_OTLP_CERTIFICATE to the cert/);
  });

  test(`${protocol} reports a server without TLS`, async () => {
    const sink = await startSink(protocol);
    onTestFinished(() => sink.close());
    const exporter = await openOtlp(protocol, sink.url.replace('http:', 'https:'));
    const { error } = await send(
      exporter,
      'traces',
      recordSpans((t) => t.startSpan('a').end()),
    );
    expect(error?.message).toMatch(/does not support TLS; use http:\/\/ in OTEL_EXPORTER_OTLP_END/);
  });
});

test.each([
  [CERTIFICATE, 'key', 'certificate'],
  ['OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', 'key', 'certificate'],
  ['OTEL_EXPORTER_OTLP_CLIENT_KEY', 'certificate', 'private key'],
] as const)('a %s file that holds a %s is fatal', (variable, held, wanted) => {
  const path = save(authority.issue())[held];
  const read = (path: string) =>
    readSettings({ variable: { OTEL_TRACES_EXPORTER: 'otlp', [variable]: path } }).problems;
  expect(read(path)).toEqual([
    {
      variable,
      source: variable,
      problem: `"${path}" is a file without a ${wanted}`,
      fix: `use the path of a PEM file with a ${wanted}`,
      isFatal: true,
    },
  ]);
  const right = save(authority.issue())[wanted === 'certificate' ? 'certificate' : 'key'];
  expect(read(right)).toEqual([]);
});

test('gRPC without a scheme uses TLS unless INSECURE is set', async () => {
  const { sink, message } = await deliver('grpc', authority.issue(), ({ url }) => ({
    [CERTIFICATE]: save(authority).certificate,
    OTEL_EXPORTER_OTLP_ENDPOINT: new URL(url).host,
  }));
  expect(message).toBe('');
  expect(sink.spans).toHaveLength(1);

  const plain = await startSink('grpc');
  onTestFinished(() => plain.close());
  const exporter = await openOtlp('grpc', new URL(plain.url).host, {
    OTEL_EXPORTER_OTLP_INSECURE: 'true',
  });
  const spans = recordSpans((tracer) => tracer.startSpan('open').end());
  expect(await send(exporter, 'traces', spans)).toEqual({ code: 0 });
});
