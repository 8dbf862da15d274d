import { type Deadline, millisSince } from '../deadline.ts';
import { errorCode } from '../show.ts';

/** What a request of the doctor's own was answered. */
export type Reply =
  | HttpReply
  | { readonly kind: 'grpc'; readonly status: number; readonly message: string }
  | { readonly kind: 'timeout'; readonly millis: number; readonly status: number | null }
  | { readonly kind: 'no-answer'; readonly code: string };

export interface HttpReply {
  readonly kind: 'http';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly body: string;
}

interface Conversation {
  /** The answer has begun. */
  begin(status: number): void;
  end(reply: Reply): void;
  fail(error: unknown): void;
}

/**
 * The reply to a request, or that none came. Never rejects.
 * @param send sends it, and returns what cuts the connection, which is called in the end
 */
export function replyBefore(
  deadline: Deadline,
  send: (conversation: Conversation) => () => void,
): Promise<Reply> {
  const start = performance.now();
  return new Promise((resolve) => {
    let status: number | null = null;
    let cut = () => {};
    const timer = setTimeout(
      () => end({ kind: 'timeout', millis: millisSince(start), status }),
      Math.max(0, deadline - start),
    );
    function end(reply: Reply): void {
      clearTimeout(timer);
      resolve(reply);
      cut();
    }
    function fail(error: unknown): void {
      end({ kind: 'no-answer', code: errorCode(error) });
    }
    function begin(received: number): void {
      status = received;
    }
    try {
      cut = send({ begin, end, fail });
    } catch (error) {
      fail(error);
    }
  });
}

export function isSuccess(reply: Reply): boolean {
  if (reply.kind === 'grpc') return reply.status === 0;
  return reply.kind === 'http' && reply.status >= 200 && reply.status <= 299;
}

/** What answers so is no OTLP receiver, whatever the status. */
export function isWebPage(reply: Reply): reply is HttpReply {
  return reply.kind === 'http' && /html/i.test(reply.contentType);
}
