import { randomUUID } from 'node:crypto';
import type { Exporter, Signal } from 'opentelemetry-instrument-exporters';
import { parseEndpoint } from './connect/endpoint.ts';
import { probeConnection } from './connect/probe-connection.ts';
import { readTlsFiles } from './connect/probe-tls.ts';
import { atMost, type Deadline } from './deadline.ts';
import type { Answer, OtlpDestination } from './diagnosis.ts';
import { explainAnswer } from './explain/answer.ts';
import { explainConnection } from './explain/connection.ts';
import { explainJaeger } from './explain/jaeger.ts';
import { nameVariables } from './explain/setting-names.ts';
import type { DoctorOptions } from './options.ts';
import { deliver } from './send/deliver.ts';
import { findInJaeger } from './send/find-in-jaeger.ts';
import { sendRecord } from './send/send-record.ts';
import { showForeign, showUrl } from './show.ts';

/** Milliseconds that an exporter without a time limit gets; also the most that any gets. */
const SEND = 10_000;
/** Milliseconds that a span gets to reach Jaeger's storage. */
const STORE = 10_000;

/** Follows one record from the exporter of the app to the other end, or to where it stops. */
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

  const url = showUrl(target.url);
  const headers = Object.keys(target.headers);
  const names = nameVariables(signal, options.settings);
  const about = { url, protocol: target.protocol, names, signal, headers };
  const obstacle = explainConnection(connection, about);

  let answer: Answer = { kind: 'not-sent' };
  let traceId: string | null = null;
  // Of a way that is known to be closed the exporter says nothing more, and that after 10 s.
  if (obstacle === undefined && !('kind' in files)) {
    const until = atMost(Math.min(target.timeoutMillis, SEND), deadline);
    try {
      const sending = await sendRecord(signal, exporter, options.resource, { 'doctor.id': id });
      traceId = sending.traceId;
      answer = await deliver(signal, target, files, sending.sent, until);
    } catch (error) {
      const message = showForeign(String(error), Object.values(target.headers));
      answer = { kind: 'failed', message };
    }
  }

  const { jaegerUrl } = options;
  const jaeger =
    jaegerUrl && traceId !== null && answer.kind === 'accepted'
      ? await findInJaeger(jaegerUrl, traceId, atMost(STORE, deadline))
      : null;
  return {
    kind: 'otlp',
    exporter: 'otlp',
    url,
    protocol: target.protocol,
    headers,
    id,
    connection,
    answer,
    cause: obstacle ?? explainAnswer(answer, about) ?? (jaeger && explainJaeger(jaeger)) ?? null,
    jaeger,
  };
}
