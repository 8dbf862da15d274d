import { diag } from '@opentelemetry/api';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { OtlpSettings } from '../../src/settings.ts';
import type { OnRejected } from '../../src/telemetry/exporter.ts';
import { quotable } from './quotable.ts';

/** The answer to any signal; the field that counts is named after the signal. */
interface Answer {
  readonly partialSuccess?: { readonly errorMessage?: string };
}

/**
 * Takes partial successes out of the answers that `serializer` reads, and tells how much was rejected.
 *
 * The delegate that gets the answer next would only log them.
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function reportRejections<Records>(
  serializer: ISerializer<Records, Answer>,
  settings: OtlpSettings,
  onRejected: OnRejected,
): ISerializer<Records, Answer> {
  return {
    serializeRequest: (records) => serializer.serializeRequest(records),
    deserializeResponse(data) {
      const { errorMessage, ...counts } = readAnswer(serializer, data);
      const count = Math.max(0, ...Object.values(counts).map(Number).filter(Number.isFinite));
      const message = quotable(String(errorMessage ?? ''), settings);
      if (count > 0) onRejected(count, message || 'it does not say why');
      else if (message) diag.warn(`the other end took everything and says: ${message}`);
      return {};
    },
  };
}

function readAnswer<Records>(
  serializer: ISerializer<Records, Answer>,
  data: Uint8Array,
): NonNullable<Answer['partialSuccess']> {
  try {
    return serializer.deserializeResponse(data)?.partialSuccess ?? {};
  } catch {
    diag.warn('an export was accepted with an answer that is no OTLP: rejections are not counted');
    return {};
  }
}
