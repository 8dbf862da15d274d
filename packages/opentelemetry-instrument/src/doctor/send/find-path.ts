import type { Signal } from 'opentelemetry-instrument-exporters';
import type { TlsFiles } from '../connect/probe-tls.ts';
import { deadlineIn } from '../deadline.ts';
import type { OtlpTarget } from '../options.ts';
import { showUrl } from '../show.ts';
import { askHttp } from './ask-http.ts';
import { isSuccess, isWebPage } from './reply.ts';

/**
 * Asks the URLs that were probably meant where one does not exist: `/v1/traces` forgotten, written
 * twice, or of another signal. Takes a second at most.
 * @returns the first that takes an export request
 */
export async function findPath(
  signal: Signal,
  target: OtlpTarget,
  files: TlsFiles,
): Promise<string | null> {
  if (target.protocol === 'grpc') return null;
  const written = new URL(target.url);
  const base = written.pathname
    .replace(/\/v1\/(?:traces|metrics|logs)(?:\/.*)?$/, '')
    .replace(/(?<!\/)\/+$/, '');
  const candidates = new Set(
    [base, ''].map(
      (each) => Object.assign(new URL(written), { pathname: `${each}/v1/${signal}` }).href,
    ),
  );
  candidates.delete(written.href);
  const deadline = deadlineIn(1_000);
  const found = await Promise.all(
    [...candidates].map(async (url) => {
      const reply = await askHttp({ ...target, url }, files, deadline);
      return isSuccess(reply) && !isWebPage(reply) ? showUrl(url) : null;
    }),
  );
  return found.find((url) => url !== null) ?? null;
}
