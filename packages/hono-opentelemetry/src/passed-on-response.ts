/**
 * Key of a method that ends the span of a response of `traceFetch()`. A runtime sends the response of a
 * handler without reading it in JavaScript, so `traceHttp()` calls it.
 */
export const BODY_SENT: unique symbol = Symbol('hono-opentelemetry: body sent');

/** A response that may come from a traced `fetch()`. */
export interface PassedOnResponse extends Response {
  [BODY_SENT]?(): void;
}
