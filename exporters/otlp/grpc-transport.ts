import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import {
  type ChannelCredentials,
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { ExportResponse, IExporterTransport } from '@opentelemetry/otlp-exporter-base';
import type { OtlpSettings } from '../../src/settings.ts';
import type { Signal } from '../../src/telemetry/exporter.ts';
import { readCredentials } from './credentials.ts';
import { timeoutError } from './explain-failure.ts';
import { explainStatus } from './explain-status.ts';
import { parseRetryInfo } from './retry-info.ts';
import { MAX_ANSWER, USER_AGENT } from './transport.ts';

const PACKAGE = 'opentelemetry.proto.collector';
const METHODS: Readonly<Record<Signal, string>> = {
  traces: `/${PACKAGE}.trace.v1.TraceService/Export`,
  metrics: `/${PACKAGE}.metrics.v1.MetricsService/Export`,
  logs: `/${PACKAGE}.logs.v1.LogsService/Export`,
};

/** https://opentelemetry.io/docs/specs/otlp/#failures */
const RETRYABLE: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/**
 * Calls a Collector's gRPC services, on one connection.
 *
 * Written anew since otlp-grpc-exporter-base keeps its own to itself, which never says that a failure
 * is worth another try.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc
 */
export function openGrpcTransport(signal: Signal, settings: OtlpSettings): IExporterTransport {
  let client: Client | undefined;

  function call(data: Uint8Array, deadline: number): Promise<ExportResponse> {
    return new Promise((resolve) => {
      client ??= createClient(settings);
      client.makeUnaryRequest<Uint8Array, Uint8Array>(
        METHODS[signal],
        (request) => Buffer.from(request.buffer, request.byteOffset, request.byteLength),
        (answer) => answer,
        data,
        createMetadata(settings),
        { deadline },
        (error, answer) => {
          if (!error) return resolve({ status: 'success', ...(answer && { data: answer }) });
          if (error.code !== status.DEADLINE_EXCEEDED || Date.now() < deadline) {
            return resolve(judge(error, settings));
          }
          // The connection may be dead without having been closed.
          client?.close();
          client = undefined;
          return resolve({ status: 'failure', error: timeoutError(settings) });
        },
      );
    });
  }

  return {
    send: (data, timeoutMillis) =>
      call(data, Date.now() + timeoutMillis).catch((error) => ({
        status: 'failure',
        // Certificates that are none, headers that gRPC does not know.
        error: explainStatus(error, settings),
      })),
    shutdown: () => client?.close(),
  };
}

function createClient(settings: OtlpSettings): Client {
  const { protocol, hostname, port } = new URL(settings.url);
  const isSecure = protocol === 'https:';
  return new Client(
    `${hostname}:${port || (isSecure ? 443 : 80)}`,
    isSecure ? createCredentials(settings, hostname) : credentials.createInsecure(),
    {
      'grpc.primary_user_agent': USER_AGENT,
      'grpc.default_compression_algorithm':
        compressionAlgorithms[settings.compression === 'gzip' ? 'gzip' : 'identity'],
      'grpc.max_receive_message_length': MAX_ANSWER,
      // Two minutes otherwise, in which a Collector that is back gets nothing.
      'grpc.max_reconnect_backoff_ms': 5_000,
      // Tries again what was not sent; the rest is the retrying transport's.
      'grpc.enable_retries': 0,
      ...(isSecure && isIP(hostname) && { 'grpc.ssl_target_name_override': 'localhost' }),
    },
  );
}

/**
 * An address is no server name for TLS; grpc-js gives it as one nevertheless, which Node and Deno refuse.
 * Another name stands in for it, while the certificate is still asked for the address.
 */
function createCredentials(settings: OtlpSettings, host: string): ChannelCredentials {
  const { ca = null, key = null, cert = null } = readCredentials(settings);
  return credentials.createSsl(ca, key, cert, {
    ...(isIP(host) && {
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    }),
  });
}

function createMetadata({ headers }: OtlpSettings): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function judge(failure: ServiceError, settings: OtlpSettings): ExportResponse {
  const error = explainStatus(failure, settings);
  const [details] = failure.metadata.get('grpc-status-details-bin');
  const retryInMillis = details instanceof Uint8Array ? parseRetryInfo(details) : undefined;
  const isThrottled = failure.code === status.RESOURCE_EXHAUSTED && retryInMillis !== undefined;
  if (!isThrottled && !RETRYABLE.has(failure.code)) return { status: 'failure', error };
  return { status: 'retryable', error, ...(retryInMillis !== undefined && { retryInMillis }) };
}
