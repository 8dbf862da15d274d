import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';
import { type Certificate, makeCertificate } from './make-certificate.ts';
import { examine } from './run-doctor.ts';
import { listen, listenForConnections, serveHttp } from './serve.ts';

const directory = useTemporaryDirectory();

function fileWith(pem: string): string {
  const path = directory.newPath();
  writeFileSync(path, pem);
  return path;
}

/** Starts an HTTPS server that accepts everything. @returns its URL */
async function serveTls(certificate: Certificate, options: TlsOptions = {}): Promise<string> {
  const server = createServer({ ...certificate, ...options }, (request, response) => {
    request.resume().on('end', () => response.end());
  });
  server.on('tlsClientError', () => {});
  return `https://localhost:${await listen(server)}`;
}

/** Options that make the exporter and the doctor trust a certificate. */
function trusting({ cert }: Certificate) {
  return { target: { certificate: fileWith(cert) } };
}

describe('diagnose() over TLS', () => {
  test('accepts a trusted certificate', async () => {
    const certificate = makeCertificate();
    const url = await serveTls(certificate);
    const { exitCode, otlp } = await examine({ url, ...trusting(certificate) });
    expect(otlp.connection).toMatchObject({
      kind: 'open',
      tls: { kind: 'trusted', certificate: { names: 'DNS:localhost', issuer: 'localhost' } },
    });
    expect(exitCode).toBe(0);
  });

  test('reports a self-signed certificate', async () => {
    const { otlp, because, change } = await examine({ url: await serveTls(makeCertificate()) });
    expect(otlp.connection).toMatchObject({ tls: { kind: 'untrusted', problem: 'self-signed' } });
    expect(otlp.answer).toEqual({ kind: 'not-sent' });
    expect(because).toMatch(/self-signed \(DNS:localhost\)/);
    expect(change).toBe('Set OTEL_EXPORTER_OTLP_CERTIFICATE to the file of that certificate.');
  });

  test('reports an expired certificate with its date', async () => {
    const certificate = makeCertificate({ validTo: new Date('2021-05-05T10:00:00Z') });
    const { because } = await examine({
      url: await serveTls(certificate),
      ...trusting(certificate),
    });
    expect(because).toBe("the server's certificate expired on 2021-05-05.");
  });

  test('reports a certificate that is not valid yet', async () => {
    const certificate = makeCertificate({ validTo: new Date(Date.now() + 90 * 86_400_000) });
    const { because } = await examine({
      url: await serveTls(certificate),
      ...trusting(certificate),
    });
    expect(because).toMatch(/^the server's certificate is not valid before 2\d{3}-\d\d-\d\d\.$/);
  });

  test('reports the names of a certificate for another host', async () => {
    const certificate = makeCertificate({ name: 'other.example' });
    const { because } = await examine({
      url: await serveTls(certificate),
      ...trusting(certificate),
    });
    expect(because).toBe("the server's certificate is for DNS:other.example, not for localhost.");
  });

  test('gives the exporter its full time limit after a slow connection', async () => {
    const certificate = makeCertificate();
    const { port } = new URL(await serveTls(certificate));
    const slowly = await listenForConnections((socket) => {
      setTimeout(() => {
        if (socket.destroyed) return;
        socket.pipe(connect(Number(port), '127.0.0.1').on('error', () => {})).pipe(socket);
      }, 1_000);
    });
    const { target } = trusting(certificate);
    const { exitCode } = await examine({
      url: `https://localhost:${slowly}`,
      target: { ...target, timeoutMillis: 1_900 },
    });
    expect(exitCode).toBe(0);
  });

  test('reports a file that cannot be read', async () => {
    const certificate = directory.newPath();
    const url = await serveTls(makeCertificate());
    const { because, change } = await examine({ url, target: { certificate } });
    expect(because).toBe(`the file ${certificate} cannot be read (ENOENT).`);
    expect(change).toMatch(/OTEL_EXPORTER_OTLP_CERTIFICATE/);
  });

  test('reports a file that is not PEM', async () => {
    const certificate = fileWith('-- a certificate --');
    const url = await serveTls(makeCertificate());
    const { because } = await examine({ url, target: { certificate } });
    expect(because).toBe(`the file ${certificate} cannot be read (not a PEM file).`);
  });

  test('reports a missing file for an http:// URL as well: the app would not start', async () => {
    const certificate = directory.newPath();
    const url = await serveHttp((_, response) => response.end());
    const { exitCode, otlp, because } = await examine({ url, target: { certificate } });
    expect(exitCode).toBe(1);
    expect(otlp.answer).toEqual({ kind: 'not-sent' });
    expect(because).toBe(`the file ${certificate} cannot be read (ENOENT).`);
  });

  test('reports that the server requires a client certificate', async () => {
    const certificate = makeCertificate();
    const client = makeCertificate({ name: 'client' });
    const url = await serveTls(certificate, { requestCert: true, ca: client.cert });
    const without = await examine({ url, ...trusting(certificate) });
    expect(without.because).toMatch(/^the server rejects the client certificate or its absence/);
    expect(without.change).toMatch(/OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE/);

    const { exitCode } = await examine({
      url,
      target: {
        certificate: fileWith(certificate.cert),
        clientCertificate: fileWith(client.cert),
        clientKey: fileWith(client.key),
      },
    });
    expect(exitCode).toBe(0);
  });

  test("survives a client's key that does not fit its certificate", async () => {
    const certificate = makeCertificate();
    const [client, other] = [makeCertificate({ name: 'client' }), makeCertificate()];
    const url = await serveTls(certificate, { requestCert: true, ca: client.cert });
    const clientCertificate = fileWith(client.cert);
    const clientKey = fileWith(other.key);
    const { target } = trusting(certificate);
    const { because, change } = await examine({
      url,
      target: { ...target, clientCertificate, clientKey },
    });
    expect(because).toMatch(/TLS handshake/);
    expect(change).toMatch(/OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE/);
  });

  test('recognizes http:// for a port that requires TLS', async () => {
    const url = (await serveTls(makeCertificate())).replace('https:', 'http:');
    const { otlp, because, change } = await examine({ url });
    expect(otlp.answer).toMatchObject({ kind: 'no-answer', speaks: { kind: 'tls' } });
    expect(because).toBe('the URL has http://, but the server requires TLS.');
    expect(change).toBe(`Set OTEL_EXPORTER_OTLP_ENDPOINT=${url.replace('http:', 'https:')}`);
  });

  test('recognizes https:// for a port without TLS', async () => {
    const url = await serveHttp((_, response) => response.end());
    const { otlp, because, change } = await examine({ url: url.replace('http:', 'https:') });
    expect(otlp.connection).toMatchObject({
      tls: { kind: 'failed', speaks: { kind: 'http/1.1' } },
    });
    expect(because).toBe('the URL has https://, but the server does not support TLS.');
    expect(change).toBe(`Set OTEL_EXPORTER_OTLP_ENDPOINT=${url}`);
  });

  test('recognizes gRPC over TLS at a URL for HTTP', async () => {
    const certificate = makeCertificate();
    // Like Go's gRPC servers, it refuses connections that do not ask for HTTP/2.
    const server = createSecureServer(certificate);
    server.on('unknownProtocol', (socket) => socket.destroy());
    const url = `https://localhost:${await listen(server)}`;
    const { because } = await examine({ url, ...trusting(certificate) });
    expect(because).toMatch(/^the server supports only HTTP\/2, as for gRPC/);
  });
});
