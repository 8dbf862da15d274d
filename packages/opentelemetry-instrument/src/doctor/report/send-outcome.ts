import type { JaegerFinding, OtlpDestination, SendOutcome } from '../diagnosis.ts';
import type { ReportPage } from './page.ts';

/** Returns a line about the record, and another about the span in Jaeger. */
export function reportSendOutcome(
  { answer, id, jaeger }: OtlpDestination,
  page: ReportPage,
): string {
  const [mark, text] = describeOutcome(answer, id);
  const reported = page.item(mark, text);
  if (jaeger === null) return reported;
  const stored = page.item(jaeger.kind === 'found' ? 'ok' : 'bad', describeJaeger(jaeger));
  return reported + stored + page.url(jaeger.link);
}

function describeOutcome(answer: SendOutcome, id: string): ['ok' | 'bad' | 'note', string] {
  switch (answer.kind) {
    case 'not-sent':
      return ['note', 'nothing was sent'];
    case 'accepted':
      return ['ok', `accepted in ${answer.millis} ms, doctor.id=${id}`];
    case 'partial':
      return ['bad', `rejected: ${answer.rejected} of 1`];
    case 'no-otlp':
      return ['bad', `response: status ${answer.status}, ${answer.contentType}`];
    case 'http':
      return ['bad', `response: status ${answer.status}`];
    case 'grpc':
      return ['bad', `response: gRPC status ${answer.status}`];
    case 'timeout':
      return ['bad', `no complete response within ${answer.millis} ms`];
    case 'no-answer':
      return ['bad', `no response (${answer.code})`];
    case 'failed':
      return ['bad', 'the exporter failed'];
  }
}

function describeJaeger(jaeger: JaegerFinding): string {
  switch (jaeger.kind) {
    case 'found':
      return `in Jaeger after ${jaeger.millis} ms:`;
    case 'not-found':
      return `not in Jaeger, ${jaeger.millis} ms later:`;
    case 'no-jaeger':
      return `Jaeger's API responded with status ${jaeger.status}:`;
    case 'unreachable':
      return `Jaeger cannot be reached (${jaeger.code}):`;
  }
}
