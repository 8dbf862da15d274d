import { diag } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
  type ExportFailure,
  type ExportOutcome,
  formatFailure,
  type ReportsPendingReason,
} from '../exporter.ts';
import type { OtlpOptions } from '../options.ts';
import { type EncodedRequest, toJson } from './encode/index.ts';
import { describeFailure, type FailureContext, grpcCodeName } from './failure/index.ts';
import type { OutageReporter } from './outages.ts';
import { readRejected } from './partial-success.ts';
import { createRetryingTransport } from './retrying-transport.ts';
import type { OpenTransport } from './transport.ts';

/** The methods that span, log and metric exporters have in common. */
export interface SignalExporter<Records> extends ReportsPendingReason {
  export(records: Records, done: (outcome: ExportOutcome) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Processors make one export at a time, metric readers a few. */
const MAX_CONCURRENCY = 30;

/** Options of `createSignalExporter()`. */
export interface SignalExporterOptions<Records> {
  readonly settings: OtlpOptions;
  /** Creates the transport, without its retries. */
  readonly openTransport: OpenTransport;
  readonly encode: (records: Records) => EncodedRequest;
  /** The facts for messages. */
  readonly context: FailureContext;
  /** Shared by the signals of an exporter. */
  readonly outages: OutageReporter;
  /** Maximum number of concurrent exports. @default 30 */
  readonly maxConcurrency?: number | undefined;
}

/** Creates the exporter of one signal. */
export function createSignalExporter<Records>({
  settings,
  openTransport,
  encode,
  context,
  outages,
  maxConcurrency = MAX_CONCURRENCY,
}: SignalExporterOptions<Records>): SignalExporter<Records> {
  const { signal } = context;
  const transport = createRetryingTransport(
    openTransport(signal, settings),
    context,
    outages,
    settings.maxAttempts,
  );
  const pending = new Set<Promise<void>>();
  let isShutDown = false;

  async function send(records: Records): Promise<ExportOutcome> {
    const { bytes, unencodable } = encode(records);
    const request = settings.protocol === 'http/json' ? toJson(signal, bytes) : bytes;
    const result = await transport.send(request, settings.timeoutMillis);
    if (result.status !== 'success') return failedOutcome(result.failure, context);
    const rejected = result.data && readRejected(result.data, settings);
    return {
      code: ExportResultCode.SUCCESS,
      ...(rejected && { rejected }),
      ...(unencodable > 0 && { unencodable }),
    };
  }

  /** Encodes the records before it returns, as the caller may change them afterwards. */
  async function exportRecords(records: Records, done: (outcome: ExportOutcome) => void) {
    const outcome = await send(records).catch((cause) =>
      failedOutcome({ kind: 'unencodable' }, context, cause),
    );
    done(outcome);
  }

  async function flush(): Promise<void> {
    await Promise.all(pending);
  }

  return {
    export(records, done) {
      if (isShutDown) return done(failedOutcome({ kind: 'shut-down' }, context));
      if (pending.size >= maxConcurrency) {
        return done(failedOutcome({ kind: 'too-many-exports' }, context));
      }
      const sending = exportRecords(records, done)
        .catch((error) => diag.error('The callback of an export threw', error))
        .finally(() => pending.delete(sending));
      pending.add(sending);
    },
    pendingReason: transport.pendingReason,
    forceFlush: flush,
    async shutdown() {
      isShutDown = true;
      await flush();
      transport.shutdown();
    },
  };
}

/** Returns the outcome of a failed export, with the error that the SDK requires. */
function failedOutcome(
  failure: ExportFailure,
  context: FailureContext,
  cause?: unknown,
): ExportOutcome {
  const description = describeFailure(failure, context);
  const error = Object.assign(new Error(formatFailure(description), { cause }), {
    name: failure.kind === 'timeout' ? 'TimeoutError' : 'Error',
    code: codeOf(failure),
  });
  return { code: ExportResultCode.FAILED, error, failure, description };
}

/** Returns the value of `error.type` in metrics. */
function codeOf({ kind, grpcCode, status, code }: ExportFailure): string {
  if (grpcCode !== undefined) return grpcCodeName(grpcCode);
  return String(status ?? code ?? kind);
}
