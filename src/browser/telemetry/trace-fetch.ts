import type { PageFetch } from '../send.ts';
import {
  attempt,
  CLIENT,
  cleanUrl,
  createContext,
  errorTypeOf,
  now,
  type RecordSpan,
} from './span.ts';

/** Wraps `fetch()`. A failure in here changes neither the request nor the response. */
export function traceFetch(isSampled: boolean, record: RecordSpan): PageFetch {
  return async function tracedFetch(url, init = {}) {
    const request = attempt(() =>
      startRequest(new URL(url, location.href), init, isSampled, record),
    );
    try {
      const response = await fetch(url, request?.init ?? init);
      attempt(() => request?.onResponse(response));
      return response;
    } catch (error) {
      attempt(() => request?.end(undefined, error));
      throw error;
    }
  };
}

function startRequest(url: URL, init: RequestInit, isSampled: boolean, record: RecordSpan) {
  // Trace ids are not sent to other sites.
  if (url.origin !== location.origin) return undefined;
  const context = createContext({ isSampled });
  const headers = new Headers(init.headers);
  headers.set('traceparent', `00-${context.traceId}-${context.spanId}-0${Number(isSampled)}`);
  const { method = 'GET' } = init;
  // Like the routes of the server, whose only parameter is the ID of a task.
  const template = url.pathname.replace(/(?<=\/)\d+(?=\/|$)/, ':id');
  const start = now();
  const startTime = performance.now();

  function end(status?: number, error?: unknown): void {
    const failure = status !== undefined && status >= 400 ? `${status}` : undefined;
    const type = error === undefined ? failure : errorTypeOf(error);
    record({
      context,
      name: `${method} ${template}`,
      kind: CLIENT,
      start,
      // Monotonic: the wall clock may change during the request.
      end: start + performance.now() - startTime,
      attributes: {
        'http.request.method': method,
        'url.full': cleanUrl(url.href),
        'url.template': template,
        'server.address': url.hostname,
        'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        'http.response.status_code': status,
        'error.type': type,
      },
      isError: type !== undefined,
    });
  }

  return {
    init: { ...init, headers },
    /** Ends the span with the body, of which the caller reads another copy. */
    onResponse(response: Response): void {
      const { status } = response;
      response
        .clone()
        .arrayBuffer()
        .then(
          () => end(status),
          (error) => end(status, error),
        );
    },
    end,
  };
}
