import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { currentRuntime } from '../../support/app-command.ts';
import { buildBundle } from '../../support/build-bundle.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../support/database-servers.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';

const SECRET = 'call anna@example.org';

if (noPostgres) {
  test.skip(`the app on PostgreSQL (${noPostgres})`, () => {});
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('the app survives a full pool, a statement that times out, and a restart of PostgreSQL', async () => {
    const url = await server.newDatabase();
    const name = new URL(url).pathname.slice(1);
    await using sink = await startOtlpSink();
    const isNode = currentRuntime === 'node';
    if (isNode) buildBundle();
    await using app = await spawnApp({
      // The bundle contains the driver.
      entry: isNode ? 'bundle' : 'source',
      args: ['--otlp'],
      env: {
        DATABASE_URL: url.replace('test@', 'test:hunter2@'),
        DATABASE_POOL_SIZE: '1',
        DATABASE_POOL_TIMEOUT: '500',
        DATABASE_STATEMENT_TIMEOUT: '1500',
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      },
    });
    expect(app.stderr).toContain(`PostgreSQL database ${name} on 127.0.0.1:${server.port}`);
    const addTask = (task: string) =>
      fetch(`${app.url}/add`, { method: 'POST', body: new URLSearchParams({ task }) });
    const status = async (path: string) => (await fetch(`${app.url}${path}`)).status;
    expect(await (await addTask(SECRET)).text()).toContain(SECRET);

    const other = await openDatabase(url);
    await other.withWriteLock?.(2_000, async () => {
      // One waits for the table until its timeout, the other for the only connection.
      for (const response of await Promise.all([addTask('too late'), addTask('too late')])) {
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toBe('2');
      }
      expect(await status('/readyz')).toBe(200);
    });
    await other.close();

    await server.halt();
    expect(await status('/readyz')).toBe(503);
    expect(await status('/healthz')).toBe(200);
    expect(await status('/')).toBe(503);
    await server.resume();
    expect(await status('/readyz')).toBe(200);
    const page = await (await fetch(app.url)).text();
    expect(page).toContain(SECRET);
    expect(page).not.toContain('too late');

    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(stderr).toMatch(/cannot be reached \(ECONNREFUSED\).*can be reached again/s);
    const added = sink.spans.filter((span) => span.name === 'INSERT tasks');
    expect(added.map(({ attributes }) => attributes)).toEqual([
      {
        'db.system.name': 'postgresql',
        'db.namespace': name,
        'db.operation.name': 'INSERT',
        'db.collection.name': 'tasks',
        'db.query.summary': 'INSERT tasks',
        'db.query.text': expect.stringMatching(/^INSERT INTO tasks .*\$1/s),
        'db.response.returned_rows': 1,
        'server.address': '127.0.0.1',
        'server.port': server.port,
      },
      expect.objectContaining({ 'db.response.status_code': '57014', 'error.type': '57014' }),
    ]);
    const metrics = new Set(sink.metrics.map((metric) => metric.name));
    for (const metric of ['count', 'limit', 'pending_requests', 'wait_time']) {
      expect(metrics).toContain(`db.client.connection.${metric}`);
    }
    const signals = sink.requests.map(({ body }) => Buffer.from(body).toString()).join() + stderr;
    for (const secret of ['anna', 'too late', 'hunter2']) expect(signals).not.toContain(secret);
  });
}
