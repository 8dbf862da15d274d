import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { makeSpan, todo, web } from '../test/viewer/hand-made-spans.ts';

/** Returns the three spans of a request: page, server and SQL. One in a hundred fails. */
export function requestSpans(index: number): ReadableSpan[] {
  const traceId = (index + 1).toString(16).padStart(32, '0');
  const path = `/tasks/${index % 50}`;
  const at = { traceId, startMicros: index * 1_000, micros: 500 + (index % 997) * 10 };
  const failed = index % 100 === 0;
  return [
    makeSpan({ ...at, spanId: '000000000000000a', name: 'click', resource: web }),
    makeSpan({
      ...at,
      spanId: '000000000000000b',
      parentSpanId: '000000000000000a',
      name: `GET /tasks/:id`,
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/tasks/:id',
        'http.response.status_code': failed ? 500 : 200,
        'url.path': path,
        'url.scheme': 'http',
        'server.address': 'localhost',
        'server.port': 5000,
        'user_agent.original':
          'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      },
      resource: todo,
      ...(failed && { error: 'failed' }),
    }),
    makeSpan({
      ...at,
      spanId: '000000000000000c',
      parentSpanId: '000000000000000b',
      name: 'SELECT tasks',
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.text': 'select "id", "title" from "tasks" where "id" = ?',
        'db.query.summary': 'SELECT tasks',
      },
      resource: todo,
    }),
  ];
}

/** Returns one trace of a request with this number of spans: SQL statements below groups of ten. */
export function largeTraceSpans(traceId: string, count: number): ReadableSpan[] {
  const id = (index: number) => (index + 1).toString(16).padStart(16, '0');
  return Array.from({ length: count }, (_, index) => {
    const isGroup = index % 10 === 1;
    const parent = isGroup ? 0 : Math.max(0, index - ((index + 9) % 10));
    return makeSpan({
      traceId,
      spanId: id(index),
      ...(index > 0 && { parentSpanId: id(parent) }),
      name: index === 0 ? 'GET /tasks' : isGroup ? 'loadGroup' : 'SELECT tasks',
      kind: index === 0 ? SpanKind.SERVER : isGroup ? SpanKind.INTERNAL : SpanKind.CLIENT,
      startMicros: index * 100,
      micros: index === 0 ? count * 100 : isGroup ? 1_000 : 90,
      attributes:
        index > 0 && !isGroup
          ? {
              'db.system.name': 'sqlite',
              'db.query.text': 'select "id", "title" from "tasks" where "id" = ?',
              'db.query.summary': 'SELECT tasks',
            }
          : {},
      resource: todo,
    });
  });
}
