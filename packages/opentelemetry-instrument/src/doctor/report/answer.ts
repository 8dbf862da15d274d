import type { Answer, JaegerFinding, OtlpDestination } from '../diagnosis.ts';
import type { Page } from './page.ts';

/** What became of the record, a line; and of the span in Jaeger, another. */
export function reportAnswer({ answer, id, jaeger }: OtlpDestination, page: Page): string {
  const [mark, text] = describe(answer, id);
  const reported = page.item(mark, text);
  if (jaeger === null) return reported;
  const stored = page.item(jaeger.kind === 'found' ? 'ok' : 'bad', describeJaeger(jaeger));
  return reported + stored + page.url(jaeger.link);
}

function describe(answer: Answer, id: string): ['ok' | 'bad' | 'note', string] {
  switch (answer.kind) {
    case 'not-sent':
      return ['note', 'nothing was sent'];
    case 'accepted':
      return ['ok', `accepted in ${answer.millis} ms, doctor.id=${id}`];
    case 'partial':
      return ['bad', `rejected: ${answer.rejected} of 1`];
    case 'no-otlp':
      return ['bad', `answered ${answer.status} with ${answer.contentType}`];
    case 'http':
      return ['bad', `answered ${answer.status}`];
    case 'grpc':
      return ['bad', `answered with gRPC's status ${answer.status}`];
    case 'timeout':
      return ['bad', `no whole answer in ${answer.millis} ms`];
    case 'no-answer':
      return ['bad', `no answer (${answer.code})`];
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
      return `Jaeger's API answers ${jaeger.status}:`;
    case 'unreachable':
      return `Jaeger cannot be asked (${jaeger.code}):`;
  }
}
