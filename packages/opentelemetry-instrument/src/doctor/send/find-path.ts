import type { OtlpOptions, Signal } from 'opentelemetry-instrument-exporters';
import { loadTransport } from 'opentelemetry-instrument-exporters/otlp';
import { showUrl } from '../show.ts';

const TIMEOUT_MS = 1_000;

/**
 * Sends an empty export request to the URLs that were probably meant by a URL that does not exist. Such
 * a URL lacks `/v1/traces`, repeats it, or has the path of another signal.
 * @returns the first URL that accepts it; null if none does
 */
export async function findPath(signal: Signal, target: OtlpOptions): Promise<string | null> {
  if (target.protocol === 'grpc') return null;
  const wrong = new URL(target.url);
  const base = wrong.pathname
    .replace(/\/v1\/(?:traces|metrics|logs)(?:\/.*)?$/, '')
    .replace(/(?<!\/)\/+$/, '');
  const candidates = new Set(
    [base, ''].map(
      (each) => Object.assign(new URL(wrong), { pathname: `${each}/v1/${signal}` }).href,
    ),
  );
  candidates.delete(wrong.href);
  const openTransport = await loadTransport(target.protocol);
  const request = new TextEncoder().encode(target.protocol === 'http/json' ? '{}' : '');
  const found = await Promise.all(
    [...candidates].map(async (url) => {
      const transport = openTransport(signal, { ...target, url, compression: 'none' });
      const { status } = await transport.send(request, TIMEOUT_MS);
      transport.shutdown();
      return status === 'success' ? showUrl(url) : null;
    }),
  );
  return found.find((url) => url !== null) ?? null;
}
