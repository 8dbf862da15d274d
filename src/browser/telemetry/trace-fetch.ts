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

/** Ends the span of a request, with the status of the response or the type of an error. */
type EndRequest = (status?: number, errorType?: string) => void;

/** `error.type` of a request whose response the user did not wait for. */
const PAGE_LEFT = 'page_left';

/**
 * Wraps `fetch()`. A failure in here changes neither the request nor the response. When the user leaves
 * the page, which cancels its requests without an error, their spans end.
 */
export function traceFetch(isSampled: boolean, record: RecordSpan): PageFetch {
  const running = new Set<EndRequest>();
  addEventListener('pagehide', () => {
    for (const end of running) attempt(() => end(undefined, PAGE_LEFT));
  });

  return async function tracedFetch(url, init = {}) {
    const request = attempt(() =>
      startRequest(new URL(url, location.href), init, isSampled, record, running),
    );
    try {
      const response = await fetch(url, request?.init ?? init);
      attempt(() => request?.onResponse(response));
      return response;
    } catch (error) {
      attempt(() => request?.end(undefined, errorTypeOf(error)));
      throw error;
    }
  };
}

function startRequest(
  url: URL,
  init: RequestInit,
  isSampled: boolean,
  record: RecordSpan,
  running: Set<EndRequest>,
) {
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

  const end: EndRequest = (status, errorType) => {
    // A page that is shown again may still receive the response.
    if (!running.delete(end)) return;
    const type = errorType ?? (status !== undefined && status >= 400 ? `${status}` : undefined);
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
  };
  running.add(end);

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
          (error) => end(status, errorTypeOf(error)),
        );
    },
    end,
  };
}
