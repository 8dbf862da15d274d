import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OtlpRecords } from '../support/otlp-records.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { spawnApp } from '../support/spawned-app.ts';
import { startWorker } from '../support/start-worker.ts';

/** The same requests for both platforms. */
const REQUESTS: readonly (readonly [path: string, init?: RequestInit])[] = [
  ['/'],
  ['/add', { method: 'POST', body: new URLSearchParams({ task: 'milk' }) }],
  ['/api/tasks?completed=false'],
  ['/api/tasks/1'],
  ['/api/tasks/1', { method: 'PATCH', body: '{"completed":true}', headers: json() }],
  ['/api/tasks/77'],
  ['/api/tasks', { method: 'POST', body: '{', headers: json() }],
  ['/delete/1', { method: 'POST' }],
  ['/nowhere'],
  ['/demo/error', { method: 'POST' }],
  ['/demo/n-plus-one', { method: 'POST' }],
];

/** Every difference between a Worker and Node, with its reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'attribute network.peer.port': 'the platform hides the port of the client',
  'resource cloud.platform': 'only Workers have a platform',
  'resource cloud.provider': 'only Workers have a platform',
  'resource process.creation.time': 'there is no process',
  'resource process.pid': 'there is no process',
  'resource process.runtime.name': 'it is workerd',
  'resource process.runtime.version': 'the platform has no versions',
  'metric nodejs.*': 'there is no event loop of Node',
  'metric process.*': 'there is no process',
  'metric v8js.*': 'the platform does not report its heap',
  'metric db.client.operation.duration temporality': 'an isolate may vanish, so sums are deltas',
  'metric http.server.request.duration temporality': 'an isolate may vanish, so sums are deltas',
  'metric otel.sdk.* temporality': 'an isolate may vanish, so sums are deltas',
  'metric task.changes temporality': 'an isolate may vanish, so sums are deltas',
};

function json() {
  return { 'content-type': 'application/json' };
}

async function send(url: string): Promise<void> {
  for (const [path, init] of REQUESTS) {
    await (await fetch(url + path, { redirect: 'manual', ...init })).text();
  }
}

let node: OtlpSink;
let workers: OtlpSink;
beforeAll(async () => {
  node = await startOtlpSink();
  workers = await startOtlpSink();
  const [app, worker] = await Promise.all([
    spawnApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: node.url,
        OTEL_METRIC_EXPORT_INTERVAL: '200',
        DEMO: 'true',
        VIEWER: 'none',
      },
    }),
    startWorker({ sink: workers, env: { DEMO: 'true' } }),
  ]);
  await Promise.all([send(app.url), send(worker.url)]);
  // Some metrics are about earlier exports.
  const isChange = ({ name }: { name: string }) => name === 'task.changes';
  await node.waitFor(({ metrics }) => metrics.filter(isChange).length > 2);
  await app.stop();
  await workers.waitFor(
    ({ spans, metrics }) =>
      spans.length >= node.spans.length && metrics.some(({ name }) => name === 'task.changes'),
  );
  await worker[Symbol.asyncDispose]();
});
afterAll(() => node.close());

/** Values that differ from run to run. */
const VOLATILE = new Set(['server.port', 'service.instance.id', 'exception.stacktrace']);

/** Returns the differences of two sets of attributes: `attribute network.peer.port`. */
function compare(kind: string, a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !VOLATILE.has(key) && String(a[key]) !== String(b[key]))
    .map((key) => `${kind} ${key}`);
}

/** Returns the spans in the order of their requests, with their parents by name. */
function shape({ spans }: Pick<OtlpRecords, 'spans'>) {
  const nameOf = (id: string) => spans.find(({ spanId }) => spanId === id)?.name;
  const order = new Map(
    spans
      .filter(({ kind }) => kind === 2)
      .sort((a, b) => Number(a.startTime - b.startTime))
      .map(({ traceId }, index) => [traceId, index]),
  );
  return spans
    .toSorted(
      (a, b) =>
        Number(order.get(a.traceId)) - Number(order.get(b.traceId)) ||
        b.kind - a.kind ||
        Number(a.startTime - b.startTime),
    )
    .map((span) => ({
      name: span.name,
      kind: span.kind,
      parent: nameOf(span.parentSpanId),
      status: span.status,
      scope: span.scope,
      events: span.events.map(({ name, attributes }) => [name, Object.keys(attributes).sort()]),
      attributes: span.attributes,
    }));
}

function differences(): Set<string> {
  const found: string[] = [];
  const ours = shape(workers);
  for (const [index, { attributes }] of shape(node).entries()) {
    found.push(...compare('attribute', attributes, ours[index]?.attributes ?? {}));
  }
  found.push(
    ...compare('resource', node.spans[0]?.resource ?? {}, workers.spans[0]?.resource ?? {}),
  );
  const family = (name: string) => name.replace(/^(nodejs|process|v8js|otel\.sdk)\..*/, '$1.*');
  const temporalities = ({ metrics }: OtlpSink) =>
    Object.fromEntries(metrics.map(({ name, temporality }) => [name, temporality]));
  const [a, b] = [temporalities(node), temporalities(workers)];
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (a[name] === undefined || b[name] === undefined) found.push(`metric ${family(name)}`);
    else if (a[name] !== b[name]) found.push(`metric ${family(name)} temporality`);
  }
  return new Set(found);
}

test('Workers make the same spans as Node: names, kinds, parents, status, events and scopes', () => {
  const bare = (sink: OtlpSink) => shape(sink).map(({ attributes: _, ...span }) => span);
  expect(bare(workers)).toEqual(bare(node));
});

test('Workers make the same log records as Node', () => {
  const bare = ({ logs }: OtlpSink) =>
    logs
      .map(({ body, severityText, attributes, scope }) => ({
        body,
        severityText,
        attributes,
        scope,
      }))
      .sort((a, b) => String(a.body).localeCompare(String(b.body)));
  expect(bare(workers)).toEqual(bare(node));
});

test('every other difference between Workers and Node has a reason', () => {
  expect([...differences()].sort()).toEqual(Object.keys(DIFFERENCES).sort());
});
