import { isIP } from 'node:net';
import type { Cause, CertificateFinding, Speaks, Tls } from '../diagnosis.ts';
import { assignEndpoint, type Circumstances, type Names } from './setting-names.ts';

/** Why nothing can be sent through this handshake; undefined when something can. */
export function explainTls(
  tls: Tls,
  host: string,
  { names, url }: Circumstances,
): Cause | undefined {
  switch (tls.kind) {
    case 'trusted':
      return undefined;
    case 'timeout':
      return {
        because: `the server takes the connection, but no TLS handshake within ${tls.millis} ms.`,
        change: `Look whether it speaks TLS at all: write http:// in ${names.endpoint} if not.`,
      };
    case 'unreadable-file':
      return {
        because: `the file ${tls.path} cannot be read (${tls.code}).`,
        change: `Correct ${names.certificate}, ${names.clientCertificate} or ${names.clientKey}.`,
      };
    case 'failed':
      return explainHandshake(tls.speaks, tls.code, names, url);
    case 'untrusted':
      return explainCertificate(tls, host, names);
  }
}

function explainHandshake(speaks: Speaks, code: string, names: Names, url: string): Cause {
  if (speaks.kind === 'http/1.1' || speaks.kind === 'http/2') {
    return {
      because: 'the URL says https://, but the server speaks without TLS.',
      change: `Set ${assignEndpoint(names, url.replace(/^https:/, 'http:'))}`,
    };
  }
  if (speaks.kind === 'other') {
    return {
      because: `something else than OTLP listens there: it says "${speaks.banner}".`,
      change: `Correct host and port in ${names.endpoint}.`,
    };
  }
  return {
    because: `the TLS handshake fails (${code}).`,
    change: `Look at the server's TLS settings; if it wants a client certificate, set ${names.clientCertificate} and ${names.clientKey}.`,
  };
}

function explainCertificate(tls: Tls & { kind: 'untrusted' }, host: string, names: Names): Cause {
  const { names: owners, issuer, validFrom, validTo }: CertificateFinding = tls.certificate;
  const trust = `set ${names.certificate} to the file of the authority that signed it.`;
  switch (tls.problem) {
    case 'expired':
      return {
        because: `the server's certificate has expired on ${validTo.slice(0, 10)}.`,
        change: 'Renew the certificate of the server.',
      };
    case 'not-yet-valid':
      return {
        because: `the server's certificate is valid from ${validFrom.slice(0, 10)} on.`,
        change: "Set this machine's clock, or the certificate of the server.",
      };
    case 'wrong-host':
      return {
        because: `the server's certificate is for ${owners}, not for ${host}.`,
        change: isIP(host)
          ? `Write one of those names in ${names.endpoint}.`
          : `Write one of those names in ${names.endpoint}, or give the server a certificate for ${host}.`,
      };
    case 'self-signed':
      return {
        because: `the server's certificate is self-signed (${owners}) and not trusted here.`,
        change: `Set ${names.certificate} to the file of that certificate.`,
      };
    case 'unknown-authority':
      return {
        because: `the server's certificate is signed by ${issuer || 'an authority'}, which is not known here.`,
        change: `S${trust.slice(1)}`,
      };
    case 'other':
      return {
        because: `the server's certificate is not accepted (${tls.code}).`,
        change: `Look at the certificate of the server, or ${trust}`,
      };
  }
}
