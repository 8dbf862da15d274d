import type { TlsFiles } from '../connect/probe-tls.ts';
import type { Deadline } from '../deadline.ts';
import type { OtlpTarget } from '../options.ts';
import { exchange, type HttpReply } from './exchange.ts';

/**
 * Sends an export request without records, which is valid OTLP, to see the whole answer: of some
 * the SDK's exporter tells nothing but that it has tried again. Never rejects.
 */
export function askHttp(
  { url, protocol, headers }: Pick<OtlpTarget, 'url' | 'protocol' | 'headers'>,
  files: TlsFiles,
  deadline: Deadline,
): Promise<HttpReply> {
  const isJson = protocol === 'http/json';
  const body = isJson ? '{}' : '';
  const own = {
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
    'content-length': String(body.length),
  };
  return exchange({ url, method: 'POST', headers: { ...headers, ...own }, body, files }, deadline);
}
