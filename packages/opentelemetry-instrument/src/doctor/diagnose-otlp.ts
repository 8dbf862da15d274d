import { randomUUID } from 'node:crypto';
import type { Exporter, OtlpOptions, Signal } from 'opentelemetry-instrument-exporters';
import { parseEndpoint, probeConnection, readTlsFiles } from './connect/index.ts';
import { atMost, type Deadline, LATE, millisSince, settleBefore } from './deadline.ts';
import type { Cause, OtlpDestination, SendOutcome } from './diagnosis.ts';
import {
  createExplainContext,
  type ExplainContext,
  explainConnection,
  explainJaeger,
  explainSendOutcome,
} from './explain/index.ts';
import type { DoctorOptions } from './options.ts';
import { findInJaeger, sendRecord, toSendOutcome } from './send/index.ts';
import { sanitize } from './show.ts';

/** Time limit of an export, also for exporters with a longer one or without. */
const SEND_TIMEOUT_MS = 10_000;
/** Time in which a span must reach Jaeger's storage. */
const STORAGE_TIMEOUT_MS = 10_000;

/** Returns the options of an exporter that reports a failure soon: after a single retry. */
export function probeOptions(target: OtlpOptions): OtlpOptions {
  const timeoutMillis = Math.min(target.timeoutMillis, SEND_TIMEOUT_MS);
  return { ...target, timeoutMillis, maxAttempts: 2 };
}

/** Sends one record with the exporter of the app and finds out where delivery fails. */
export async function diagnoseOtlp(
  signal: Signal,
  exporter: Exporter,
  options: DoctorOptions,
  deadline: Deadline,
): Promise<OtlpDestination> {
  const target = options.otlp[signal];
  const id = randomUUID();
  const files = await readTlsFiles(target);
  const connection = await probeConnection(parseEndpoint(target.url), files, deadline);
  const context = createExplainContext(signal, target, options.settings);
  const obstacle = explainConnection(connection, context);
  // The exporter would only confirm, after its time limit, that the connection fails.
  const sent: Sent =
    obstacle === undefined && !('kind' in files)
      ? await send(exporter, id, options, context, deadline)
      : { answer: { kind: 'not-sent' }, traceId: null, cause: undefined };

  const { jaegerUrl } = options;
  const jaeger =
    jaegerUrl && sent.traceId !== null && sent.answer.kind === 'accepted'
      ? await findInJaeger(jaegerUrl, sent.traceId, atMost(STORAGE_TIMEOUT_MS, deadline))
      : null;
  return {
    kind: 'otlp',
    exporter: 'otlp',
    url: context.url,
    protocol: target.protocol,
    headers: context.headers,
    id,
    connection,
    answer: sent.answer,
    cause: obstacle ?? sent.cause ?? (jaeger && explainJaeger(jaeger)) ?? null,
    jaeger,
  };
}

interface Sent {
  readonly answer: SendOutcome;
  readonly traceId: string | null;
  readonly cause: Cause | undefined;
}

async function send(
  exporter: Exporter,
  id: string,
  { otlp, resource }: DoctorOptions,
  context: ExplainContext,
  deadline: Deadline,
): Promise<Sent> {
  const { signal } = context;
  const target = otlp[signal];
  const start = performance.now();
  try {
    const { traceId, outcome } = await sendRecord(signal, exporter, resource, { 'doctor.id': id });
    const result = await settleBefore(deadline, outcome);
    const millis = millisSince(start);
    if (result === LATE) {
      const cause = explainSendOutcome(
        { kind: 'timeout', millis, status: null },
        { kind: 'timeout', timeoutMillis: millis },
        context,
      );
      return { answer: { kind: 'timeout', millis, status: null }, traceId, cause };
    }
    const answer = await toSendOutcome(result, millis, target, context);
    return { answer, traceId, cause: explainSendOutcome(answer, result.failure, context) };
  } catch (error) {
    const message = sanitize(String(error), Object.values(target.headers));
    const answer: SendOutcome = { kind: 'failed', message };
    return { answer, traceId: null, cause: explainSendOutcome(answer, undefined, context) };
  }
}
