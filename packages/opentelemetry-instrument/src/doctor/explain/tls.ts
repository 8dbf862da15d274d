import { isIP } from 'node:net';
import type { OtlpVariables } from 'opentelemetry-instrument-exporters';
import { assignEndpoint } from 'opentelemetry-instrument-exporters/otlp';
import type { Cause, DetectedProtocol, Tls } from '../diagnosis.ts';
import type { ExplainContext } from './context.ts';

/** Explains why a TLS handshake failed; returns undefined if it succeeded. */
export function explainTls(
  tls: Tls,
  host: string,
  { variables, url }: ExplainContext,
): Cause | undefined {
  switch (tls.kind) {
    case 'trusted':
      return undefined;
    case 'timeout':
      return {
        because: `the server accepted the connection but did not complete the TLS handshake within ${tls.millis} ms.`,
        change: `Use http:// in ${variables.endpoint} if the server does not support TLS.`,
      };
    case 'unreadable-file':
      return {
        because: `the file ${tls.path} cannot be read (${tls.code}).`,
        change: `Correct ${variables.certificate}, ${variables.clientCertificate} or ${variables.clientKey}.`,
      };
    case 'failed':
      return explainHandshake(tls.speaks, tls.code, variables, url);
    case 'untrusted':
      return explainCertificate(tls, host, variables);
  }
}

function explainHandshake(
  speaks: DetectedProtocol,
  code: string,
  variables: OtlpVariables,
  url: string,
): Cause {
  if (speaks.kind === 'http/1.1' || speaks.kind === 'http/2') {
    return {
      because: 'the URL has https://, but the server does not support TLS.',
      change: `Set ${assignEndpoint(variables, url.replace(/^https:/, 'http:'))}`,
    };
  }
  if (speaks.kind === 'other') {
    return {
      because: `something other than OTLP is listening there: "${speaks.banner}".`,
      change: `Correct the host and port in ${variables.endpoint}.`,
    };
  }
  return {
    because: `the TLS handshake failed (${code}).`,
    change: `Check the server's TLS settings; if it requires a client certificate, set ${variables.clientCertificate} and ${variables.clientKey}.`,
  };
}

function explainCertificate(
  tls: Tls & { kind: 'untrusted' },
  host: string,
  variables: OtlpVariables,
): Cause {
  const { names, issuer, validFrom, validTo } = tls.certificate;
  const trust = `set ${variables.certificate} to the file of the authority that signed it.`;
  switch (tls.problem) {
    case 'expired':
      return {
        because: `the server's certificate expired on ${validTo.slice(0, 10)}.`,
        change: 'Renew the certificate of the server.',
      };
    case 'not-yet-valid':
      return {
        because: `the server's certificate is not valid before ${validFrom.slice(0, 10)}.`,
        change: "Correct this machine's clock, or the certificate of the server.",
      };
    case 'wrong-host':
      return {
        because: `the server's certificate is for ${names}, not for ${host}.`,
        change: isIP(host)
          ? `Use one of those names in ${variables.endpoint}.`
          : `Use one of those names in ${variables.endpoint}, or give the server a certificate for ${host}.`,
      };
    case 'self-signed':
      return {
        because: `the server's certificate is self-signed (${names}) and not trusted.`,
        change: `Set ${variables.certificate} to the file of that certificate.`,
      };
    case 'unknown-authority':
      return {
        because: `the server's certificate is signed by ${issuer || 'an authority'}, which is not trusted.`,
        change: `S${trust.slice(1)}`,
      };
    case 'other':
      return {
        because: `the server's certificate is not accepted (${tls.code}).`,
        change: `Check the certificate of the server, or ${trust}`,
      };
  }
}
