import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { activeSpanContext } from '../active-span-context.ts';

/** One thing that is wrong with a request, and where: in its body, or in its query. */
export interface ProblemError {
  /** JSON Pointer (RFC 6901) into the body: `/title`; the empty one is the whole body. */
  readonly pointer?: string;
  /** The name of a query parameter. */
  readonly parameter?: string;
  readonly detail: string;
}

/** Problem details (RFC 9457), never with anything from an exception or from what a client sent. */
export interface Problem {
  /** The status says what kind of problem it is. */
  readonly type: 'about:blank';
  /** The status's phrase. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  /** Where the request is traced. */
  readonly trace_id?: string;
}

export type ProblemResponse<Status extends ContentfulStatusCode> = Response &
  TypedResponse<Problem, Status, 'json'>;

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly errors?: readonly ProblemError[] | undefined;
}

/** The phrases of RFC 9110, section 15, and RFC 6585 for what the app answers. */
const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Answers with `application/problem+json`. */
export function answerProblem<Status extends ContentfulStatusCode>(
  c: Context,
  status: Status,
  detail: string,
  { headers, errors }: ProblemOptions = {},
): ProblemResponse<Status> {
  const traceId = activeSpanContext()?.traceId;
  const problem: Problem = {
    type: 'about:blank',
    title: PHRASES[status] ?? 'Error',
    status,
    detail,
    ...(errors && { errors }),
    ...(traceId && { trace_id: traceId }),
  };
  return c.body(JSON.stringify(problem), status, {
    'Content-Type': 'application/problem+json',
    ...headers,
  }) as Response as ProblemResponse<Status>;
}
