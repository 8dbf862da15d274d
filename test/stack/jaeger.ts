import type { Message } from '../support/otlp-definitions.ts';
import { attributes, list, message, text } from '../support/otlp-values.ts';

/** A span as Jaeger gives it back. */
export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Jaeger's query API, version 3: the answers are OTLP as JSON. */
export interface Jaeger {
  services(): Promise<readonly string[]>;
  /** Empty when there is no such trace, or not yet. */
  trace(traceId: string): Promise<readonly StoredSpan[]>;
  /** Spans of the traces of the last hour that have a span with these tags. */
  search(service: string, tags: Readonly<Record<string, string>>): Promise<readonly StoredSpan[]>;
  /** Returns whether the UI has this page. */
  hasPage(path: string): Promise<boolean>;
}

const HOUR_MS = 3_600_000;

/** @param url where Jaeger shows its UI: `http://localhost:16686` */
export function createJaeger(url: string): Jaeger {
  function get(path: string): Promise<Response> {
    return fetch(new URL(path, url)).catch((cause) => {
      throw new Error(`Jaeger does not answer at ${url}`, { cause });
    });
  }

  async function ask(path: string): Promise<Message> {
    const answer = await get(path);
    const body = await answer.text();
    // Nothing found.
    if (answer.status === 404) return {};
    if (!answer.ok) throw new Error(`Jaeger answers ${answer.status} to ${path}: ${body}`);
    return JSON.parse(body);
  }

  return {
    async services() {
      return ((await ask('/api/v3/services')).services ?? []) as string[];
    },
    async trace(traceId) {
      return readSpans(await ask(`/api/v3/traces/${traceId}`));
    },
    async search(service, tags) {
      const query = new URLSearchParams({
        'query.serviceName': service,
        'query.startTimeMin': new Date(Date.now() - HOUR_MS).toISOString(),
        'query.startTimeMax': new Date(Date.now() + HOUR_MS).toISOString(),
        'query.attributes': JSON.stringify(tags),
      });
      return readSpans(await ask(`/api/v3/traces?${query}`));
    },
    async hasPage(path) {
      const answer = await get(path);
      await answer.body?.cancel();
      return answer.ok && (answer.headers.get('content-type') ?? '').includes('text/html');
    },
  };
}

function readSpans({ result }: Message): StoredSpan[] {
  return list(message(result).resourceSpans).flatMap(({ resource, scopeSpans }) =>
    list(scopeSpans).flatMap(({ spans }) =>
      list(spans).map((span) => ({
        traceId: text(span.traceId),
        spanId: text(span.spanId),
        parentSpanId: text(span.parentSpanId),
        name: text(span.name),
        kind: Number(span.kind ?? 0),
        attributes: attributes(span.attributes),
        resource: attributes(message(resource).attributes),
      })),
    ),
  );
}
