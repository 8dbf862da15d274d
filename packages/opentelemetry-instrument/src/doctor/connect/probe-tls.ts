import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { OtlpOptions } from 'opentelemetry-instrument-exporters';
import { errorCode } from '../../error-code.ts';
import { type Deadline, LATE, millisSince, settleBefore } from '../deadline.ts';
import type { CertificateFinding, Tls } from '../diagnosis.ts';
import { sanitize } from '../show.ts';
import type { Endpoint } from './endpoint.ts';
import { identifyProtocol } from './identify-protocol.ts';

/** The contents of PEM files. */
export type TlsFiles = Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;

export type UnreadableFile = Tls & { readonly kind: 'unreadable-file' };

/** Reads the PEM files of an exporter. Returns the first that cannot be read instead. */
export async function readTlsFiles({
  certificate,
  clientCertificate,
  clientKey,
}: OtlpOptions): Promise<TlsFiles | UnreadableFile> {
  const files: TlsFiles = {};
  const wanted = [
    ['ca', certificate],
    ['cert', clientCertificate],
    ['key', clientKey],
  ] as const;
  for (const [name, path] of wanted) {
    if (!path) continue;
    try {
      const text = await readFile(path, 'utf8');
      // Node and Deno ignore files that are not PEM.
      if (!text.includes('-----BEGIN '))
        return { kind: 'unreadable-file', path, code: 'not a PEM file' };
      files[name] = text;
    } catch (error) {
      return { kind: 'unreadable-file', path, code: errorCode(error) };
    }
  }
  return files;
}

/** Performs the handshake of the exporter, but accepts all certificates to inspect them. Never rejects. */
export async function probeTls(
  endpoint: Endpoint,
  files: TlsFiles,
  deadline: Deadline,
): Promise<Tls> {
  const start = performance.now();
  const { host, port } = endpoint;
  let socket: TLSSocket | undefined;
  try {
    socket = connect({ host, port, ...files, rejectUnauthorized: false });
    const outcome = await settleBefore(deadline, handshake(socket));
    if (outcome === LATE) return { kind: 'timeout', millis: millisSince(start) };
    if (outcome === 'secure') return classifyCertificate(socket);
    const speaks = await identifyProtocol({ host, port, isTls: false });
    return { kind: 'failed', code: outcome.code, speaks };
  } catch (error) {
    // The key does not match the certificate.
    return { kind: 'failed', code: errorCode(error), speaks: { kind: 'silent' } };
  } finally {
    socket?.destroy();
  }
}

function handshake(socket: TLSSocket): Promise<'secure' | { code: string }> {
  return new Promise((resolve) => {
    socket
      .on('secureConnect', () => resolve('secure'))
      .on('error', (error) => resolve({ code: errorCode(error) }))
      .on('close', () => resolve({ code: 'ECONNRESET' }));
  });
}

function classifyCertificate(socket: TLSSocket): Tls {
  const certificate = describeCertificate(socket.getPeerCertificate());
  if (socket.authorized) return { kind: 'trusted', certificate };
  const { authorizationError } = socket;
  const code =
    typeof authorizationError === 'string' ? authorizationError : errorCode(authorizationError);
  return { kind: 'untrusted', problem: problemOf(code, certificate), code, certificate };
}

/** Classifies a certificate error. Deno has a single code for invalid chains, so dates are compared. */
function problemOf(code: string, { validFrom, validTo }: CertificateFinding) {
  const now = new Date().toISOString();
  if (code === 'CERT_HAS_EXPIRED' || (validTo !== '' && validTo < now)) return 'expired';
  if (code === 'CERT_NOT_YET_VALID' || validFrom > now) return 'not-yet-valid';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'wrong-host';
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'self-signed';
  return /ISSUER|SELF_SIGNED|VERIFY_LEAF/.test(code) ? 'unknown-authority' : 'other';
}

function describeCertificate(certificate: Partial<PeerCertificate>): CertificateFinding {
  const { subject, issuer, subjectaltname, valid_from, valid_to } = certificate;
  return {
    names: sanitize(subjectaltname ?? String(subject?.CN ?? '')),
    issuer: sanitize(String(issuer?.CN ?? issuer?.O ?? '')),
    validFrom: isoDate(valid_from),
    validTo: isoDate(valid_to),
  };
}

function isoDate(text: string | undefined): string {
  const millis = Date.parse(text ?? '');
  return Number.isNaN(millis) ? '' : new Date(millis).toISOString();
}
