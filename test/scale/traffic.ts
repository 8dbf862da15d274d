import { randomBytes } from 'node:crypto';

/** One request of a trace. */
export interface SentRequest {
  /** ID of the client's span, the parent of the server's. */
  readonly spanId: string;
  /** `POST /api/tasks` */
  readonly route: string;
  /** The status; undefined if there was no response, so its effect is unknown. */
  readonly status: number | undefined;
}

/** A trace of three requests to three processes. */
export interface SentTrace {
  readonly traceId: string;
  readonly requests: readonly SentRequest[];
  /** The task that was added, if that was acknowledged. */
  readonly taskId: number | undefined;
  /** Times of `performance.now()`. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface TrafficOptions {
  /** The URL of each app, asked for before each request. Undefined: the app is away. */
  readonly urls: () => readonly (string | undefined)[];
  readonly traces: number;
  /** Every such trace fails once. */
  readonly failEvery: number;
  /** Called before each trace with the number of traces begun. */
  readonly onTrace?: (count: number) => void;
}

/** Traces in progress at once. */
export const CONCURRENCY = 8;
const ATTEMPTS = 50;
const PAUSE_MS = 100;

/** Sends traces, and resolves to them in the order of their ends. */
export async function sendTraces(options: TrafficOptions): Promise<SentTrace[]> {
  const sent: SentTrace[] = [];
  let begun = 0;
  const work = async () => {
    while (begun < options.traces) {
      begun += 1;
      options.onTrace?.(begun);
      sent.push(await sendTrace(begun, options));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return sent;
}

/** Adds a task on one app, reads it from the next, and lists or fails on the third. */
async function sendTrace(index: number, { urls, failEvery }: TrafficOptions): Promise<SentTrace> {
  const startedAt = performance.now();
  const traceId = randomBytes(16).toString('hex');
  const requests: SentRequest[] = [];
  const send = async (app: number, route: string, init: RequestInit = {}) => {
    const { request, body } = await sendRequest(traceId, urls, app, route, init);
    requests.push(request);
    return { status: request.status, body };
  };
  const added = await send(index, 'POST /api/tasks', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: `task ${index}` }),
  });
  const taskId = added.status === 201 ? (added.body as { id: number }).id : undefined;
  if (taskId !== undefined) await send(index + 1, `GET /api/tasks/${taskId}`);
  await send(index + 2, index % failEvery === 0 ? 'POST /demo/error' : 'GET /api/tasks?limit=1');
  return { traceId, requests, taskId, startedAt, endedAt: performance.now() };
}

/** Sends a request to an app, or to the next one if it is away, as a load balancer does. */
async function sendRequest(
  traceId: string,
  urls: () => readonly (string | undefined)[],
  app: number,
  route: string,
  init: RequestInit,
): Promise<{ request: SentRequest; body: unknown }> {
  const [method = '', path = ''] = route.split(' ');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const all = urls();
    const url = all[(app + attempt) % all.length];
    if (url === undefined) continue;
    const spanId = randomBytes(8).toString('hex');
    try {
      const response = await fetch(url + path, {
        ...init,
        method,
        headers: { ...init.headers, traceparent: `00-${traceId}-${spanId}-01` },
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      const body: unknown = isJson ? JSON.parse(text) : text;
      return { request: { spanId, route, status: response.status }, body };
    } catch (error) {
      // Refused: no app has seen it. Otherwise it may have been processed.
      if (!isRefused(error))
        return { request: { spanId, route, status: undefined }, body: undefined };
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw new Error(`No app responds to ${route}`);
}

function isRefused(error: unknown): boolean {
  const cause = (error as Error).cause as { code?: string } | undefined;
  return cause?.code === 'ECONNREFUSED';
}
