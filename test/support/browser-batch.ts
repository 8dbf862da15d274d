export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Creates a span as a page sends it, with other fields if given. */
export function browserSpan(other: Record<string, unknown> = {}): Record<string, unknown> {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: TRACE_ID,
    spanId: '00f067aa0ba902b7',
    name: 'documentLoad',
    kind: 1,
    startTimeUnixNano: String(now - 250_000_000n),
    endTimeUnixNano: String(now),
    ...other,
  };
}

/** Creates an `ExportTraceServiceRequest` whose resource claims another service. */
export function browserBatch(...spans: unknown[]) {
  const attributes = [{ key: 'service.name', value: { stringValue: 'forged' } }];
  const scope = { name: 'forged-scope' };
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope, spans }] }] };
}

export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Sends a batch the way a page of the app does. @param body a string, or a value that is sent as JSON */
export function sendBatch(
  request: (init: RequestInit) => Response | Promise<Response>,
  body: unknown,
  headers: Record<string, string> = {},
): Response | Promise<Response> {
  return request({
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}
