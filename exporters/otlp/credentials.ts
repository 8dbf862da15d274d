import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { OtlpOptions } from '../options.ts';

/** PEM files for `node:tls`. */
interface Credentials {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the PEM files of the settings. @throws if one cannot be read */
export function readCredentials(settings: OtlpOptions): Credentials {
  const { certificate, clientCertificate, clientKey } = settings;
  return {
    ...(certificate && { ca: readFileSync(certificate) }),
    ...(clientCertificate && { cert: readFileSync(clientCertificate) }),
    ...(clientKey && { key: readFileSync(clientKey) }),
  };
}
