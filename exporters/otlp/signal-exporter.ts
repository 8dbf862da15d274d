import { diag } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportOutcome, ReportsPendingReason, Signal } from '../exporter.ts';
import type { EncodedRequest } from './encode/record-batch.ts';
import { toJson } from './encode/to-json.ts';
import { addressOf } from './endpoint.ts';
import type { OtlpOptions } from './options.ts';
import { readRejected } from './partial-success.ts';
import { createRetryingTransport } from './retrying-transport.ts';
import type { Transport } from './transport.ts';

/** The methods that span, log and metric exporters have in common. */
export interface SignalExporter<Records> extends ReportsPendingReason {
  export(records: Records, done: (outcome: ExportOutcome) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Exports that wait for a response at the same time. The processors make one, the reader few. */
const MAX_CONCURRENCY = 30;

/** Creates the exporter of one signal. */
export function createSignalExporter<Records>(
  signal: Signal,
  settings: OtlpOptions,
  openTransport: (signal: Signal, settings: OtlpOptions) => Transport,
  encode: (records: Records) => EncodedRequest,
): SignalExporter<Records> {
  const transport = createRetryingTransport(openTransport(signal, settings), addressOf(settings));
  const pending = new Set<Promise<void>>();
  let isShutDown = false;

  async function send(records: Records): Promise<ExportOutcome> {
    const { bytes, unencodable } = encode(records);
    const request = settings.protocol === 'http/json' ? toJson(signal, bytes) : bytes;
    const result = await transport.send(request, settings.timeoutMillis);
    if (result.status !== 'success') return { code: ExportResultCode.FAILED, error: result.error };
    const rejected = result.data && readRejected(result.data, settings);
    return {
      code: ExportResultCode.SUCCESS,
      ...(rejected && { rejected }),
      ...(unencodable > 0 && { unencodable }),
    };
  }

  /** Encodes the records before it returns, as the caller may change them then. */
  async function exportRecords(records: Records, done: (outcome: ExportOutcome) => void) {
    const outcome = await send(records).catch((cause) =>
      failed('the records cannot be encoded: correct their attributes', cause),
    );
    done(outcome);
  }

  async function flush(): Promise<void> {
    await Promise.all(pending);
  }

  return {
    export(records, done) {
      if (isShutDown) return done(failed('records came after shutdown(): export them before'));
      if (pending.size >= MAX_CONCURRENCY) {
        return done(failed(`${MAX_CONCURRENCY} exports wait for a response`));
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

function failed(message: string, cause?: unknown): ExportOutcome {
  return { code: ExportResultCode.FAILED, error: new Error(message, { cause }) };
}
