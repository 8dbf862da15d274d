import { ExportResultCode } from '@opentelemetry/core';
import type { ExportFailure, ExportOutcome, OtlpOptions } from 'opentelemetry-instrument-exporters';
import { describeFailure } from 'opentelemetry-instrument-exporters/otlp';
import { identifyProtocol, parseEndpoint } from '../connect/index.ts';
import type { SendOutcome } from '../diagnosis.ts';
import type { ExplainContext } from '../explain/index.ts';
import { sanitize } from '../show.ts';
import { findPath } from './find-path.ts';

/**
 * Returns the outcome of an export as a diagnosis shows it. Probes the server for the reason of some
 * failures: a wrong path or another protocol. Never rejects.
 * @param millis duration of the export
 */
export async function toSendOutcome(
  { code, error, failure, rejected }: ExportOutcome,
  millis: number,
  target: OtlpOptions,
  context: ExplainContext,
): Promise<SendOutcome> {
  const clean = (text: string) => sanitize(text, Object.values(target.headers));
  if (code === ExportResultCode.SUCCESS) {
    if (rejected === undefined) return { kind: 'accepted', millis };
    return { kind: 'partial', rejected: rejected.count, message: clean(rejected.message) };
  }
  if (failure === undefined) {
    return { kind: 'failed', message: clean(error?.message || 'the exporter gives no reason') };
  }
  const identify = () => identifyProtocol(parseEndpoint(target.url));
  switch (failure.kind) {
    case 'connection':
      return { kind: 'no-answer', code: failure.code ?? 'Error', speaks: await identify() };
    case 'timeout':
      return { kind: 'timeout', millis, status: failure.status ?? null };
    case 'grpc':
      return { kind: 'grpc', status: failure.grpcCode ?? 2, message: clean(failure.message ?? '') };
    case 'http':
      return toHttpOutcome(failure, target, context, identify);
  }
  return { kind: 'failed', message: describeFailure(failure, context).problem };
}

async function toHttpOutcome(
  { status = 0, contentType = '', retryAfterMillis, location, message = '' }: ExportFailure,
  target: OtlpOptions,
  { signal }: ExplainContext,
  identify: () => ReturnType<typeof identifyProtocol>,
): Promise<SendOutcome> {
  if (status >= 200 && status <= 299) {
    return { kind: 'no-otlp', status, contentType: sanitize(contentType) };
  }
  return {
    kind: 'http',
    status,
    retryAfter: retryAfterMillis === undefined ? null : String(retryAfterMillis / 1_000),
    location: location ?? null,
    body: message,
    worksAt: status === 404 || status === 405 ? await findPath(signal, target) : null,
    // TLS servers written in Go respond to plain HTTP with 400.
    speaks: status === 400 ? await identify() : null,
  };
}
