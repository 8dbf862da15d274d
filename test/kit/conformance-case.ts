import type { RawHeader } from '../support/raw-connection.ts';

/** One request to the service, and what the call that it makes must carry. */
export interface Exchange {
  readonly headers: readonly RawHeader[];
  /** `continued`: the trace of the traceparent sent; `new`: none of the traces sent. */
  readonly trace: 'continued' | 'new';
  /** Members that tracestate must have, in this order; for a list one of the values. */
  readonly state?: Readonly<Record<string, string | readonly string[]>>;
  /** Members that it must not have. */
  readonly without?: readonly string[];
  /** The total number of members that it must have. */
  readonly size?: number;
}

export interface ConformanceCase {
  /** The test's name in the W3C harness, test/test.py of w3c/trace-context. */
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

export const traceId = '12345678901234567890123456789012';
export const parentId = '1234567890123456';
