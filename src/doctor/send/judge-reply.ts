import type { GrpcReply } from './ask-grpc.ts';
import type { HttpReply } from './exchange.ts';

export function isSuccess(reply: GrpcReply): boolean {
  if (reply.kind === 'grpc') return reply.status === 0;
  return reply.kind === 'http' && reply.status >= 200 && reply.status <= 299;
}

/** What answers so is no OTLP receiver, whatever the status. */
export function isWebPage(reply: GrpcReply): reply is HttpReply & { kind: 'http' } {
  return reply.kind === 'http' && /html/i.test(reply.contentType);
}
