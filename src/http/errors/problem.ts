import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { activeSpanContext } from '../layout/index.ts';

/** One mistake in a request, and its place in the body or the query. */
export interface ProblemError {
  /** JSON Pointer (RFC 6901) into the body: `/title`; empty for the whole body. */
  readonly pointer?: string;
  /** The name of a query parameter. */
  readonly parameter?: string;
  readonly detail: string;
}

/** Problem details (RFC 9457); never contain anything from an exception or from the client. */
export interface ProblemDetails {
  /** The status alone identifies the kind of problem. */
  readonly type: 'about:blank';
  /** The reason phrase of the status. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  /** The trace of the request. */
  readonly trace_id?: string;
}

export type ProblemResponse<Status extends ContentfulStatusCode> = Response &
  TypedResponse<ProblemDetails, Status, 'json'>;

interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly errors?: readonly ProblemError[] | undefined;
}

/** Reason phrases (RFC 9110, section 15, and RFC 6585) of the statuses that the app uses. */
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

/** Responds with `application/problem+json`. */
export function respondWithProblem<Status extends ContentfulStatusCode>(
  c: Context,
  status: Status,
  detail: string,
  { headers, errors }: ProblemOptions = {},
): ProblemResponse<Status> {
  const traceId = activeSpanContext()?.traceId;
  const problem: ProblemDetails = {
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
