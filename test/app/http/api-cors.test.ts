import { propagation } from '@opentelemetry/api';
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { apiCors } from '../../../src/http/middleware/api-cors.ts';
import { csrf } from '../../../src/http/middleware/csrf.ts';
import { securityHeaders } from '../../../src/http/middleware/security-headers.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';

const ALLOWED = 'https://a.example';
const CROSS_SITE = { 'Sec-Fetch-Site': 'cross-site' };
const PREFLIGHT = {
  ...CROSS_SITE,
  'Access-Control-Request-Method': 'PATCH',
  'Access-Control-Request-Headers': 'content-type,if-match',
};

const app = new Hono()
  .use(securityHeaders())
  .use('/api/*', apiCors([ALLOWED, 'http://localhost:3000']))
  .on(['POST', 'PATCH'], '*', csrf([ALLOWED]))
  .all('/api/throws', () => {
    throw new Error('a fault');
  })
  .all('*', (c) => c.text('here', 200, { ETag: '"1"' }))
  .onError((_, c) => c.text('failed', 500));

function ask(method: string, path: string, headers: Record<string, string>) {
  return app.request(path, { method, headers });
}

describe('apiCors()', () => {
  test.each(['/api/tasks', '/api/tasks/1'])(
    'answers the preflight of an allowed origin: %s',
    async (path) => {
      const response = await ask('OPTIONS', path, { ...PREFLIGHT, Origin: ALLOWED });
      expect(response.status).toBe(204);
      const of = (name: string) => response.headers.get(name);
      expect(of('access-control-allow-origin')).toBe(ALLOWED);
      expect(of('access-control-allow-methods')).toBe('GET,HEAD,POST,PATCH,DELETE');
      expect(of('access-control-allow-headers')).toBe(
        'Content-Type,If-Match,If-None-Match,traceparent,tracestate,baggage',
      );
      expect(of('access-control-max-age')).toBe('600');
      expect(of('access-control-allow-credentials')).toBeNull();
      expect(of('vary')).toContain('Origin');
      expect(of('content-security-policy')).not.toBeNull();
    },
  );

  test.each([
    [[new B3Propagator()], ['b3']],
    [
      [new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })],
      ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags'],
    ],
    [[new W3CTraceContextPropagator()], ['traceparent', 'tracestate', 'baggage']],
  ])(
    'allows the headers that the global propagator reads, each once: %j',
    async (propagators, fields) => {
      propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
      const shared = new Hono().use(apiCors([ALLOWED]));
      propagation.disable();
      const headers = { ...PREFLIGHT, Origin: ALLOWED };
      const response = await shared.request('/api/tasks', { method: 'OPTIONS', headers });
      const allowed = response.headers.get('access-control-allow-headers')?.split(',') ?? [];
      expect(allowed).toEqual(expect.arrayContaining(['Content-Type', 'traceparent', ...fields]));
      expect(new Set(allowed).size).toBe(allowed.length);
    },
  );

  test.each([
    ['GET', '/api/tasks', 200],
    ['PATCH', '/api/tasks/1', 200],
    ['POST', '/api/throws', 500],
  ])('lets an allowed origin read the response to %s %s: %i', async (method, path, status) => {
    const response = await ask(method, path, { ...CROSS_SITE, Origin: ALLOWED });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(response.headers.get('access-control-expose-headers')).toBe(
      'Location,Link,ETag,Retry-After,Allow,Accept-Patch,Accept-Post,traceresponse',
    );
    expect(response.headers.get('vary')).toContain('Origin');
  });

  test.each([
    'https://b.example',
    'http://a.example',
    'https://a.example:8443',
    'https://a.example.evil.example',
    'null',
    '',
  ])('allows nothing to the origin "%s"', async (Origin) => {
    for (const method of ['OPTIONS', 'GET', 'PATCH']) {
      const response = await ask(method, '/api/tasks', { ...PREFLIGHT, Origin });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('vary')).toContain('Origin');
      if (method === 'PATCH') expect(response.status).toBe(403);
    }
  });

  test.each(['/', '/add', '/apiary', '/api%2ftasks'])('allows nothing at %s', async (path) => {
    const headers = { ...CROSS_SITE, Origin: ALLOWED };
    const response = await ask('POST', path, headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('createApp()', () => {
  const store = createMemoryTaskStore();
  const headers = { ...PREFLIGHT, Origin: ALLOWED };
  const preflight = { method: 'OPTIONS', headers };

  test('no other origin may use the API by default', async () => {
    const response = await createApp({ store }).request('/api/tasks', preflight);
    expect(response.headers.get('Allow')).toContain('POST');
    expect([...response.headers.keys()].join()).not.toMatch(/access-control|vary/);
  });

  test('an OPTIONS request without a preflight header reaches the API', async () => {
    const app = createApp({ store, apiOrigins: [ALLOWED] });
    const init = { method: 'OPTIONS', headers: { Origin: ALLOWED } };
    const response = await app.request('/api/tasks', init);
    expect(response.headers.get('Allow')).toContain('POST');
    expect((await app.request('/api/nothing', init)).status).toBe(404);
  });

  test('the allowed origins may use the API and read its errors', async () => {
    const app = createApp({ store, apiOrigins: [ALLOWED], changesPerSecond: 1 });
    expect((await app.request('/api/tasks', preflight)).status).toBe(204);
    const peer = { peer: { address: '192.0.2.1', port: 4711 } };
    const init = { method: 'POST', headers, body: 'x'.repeat(70_000) };
    const statuses = [];
    for (let i = 0; i < 3; i += 1) {
      const response = await app.request('/api/tasks', init, peer);
      statuses.push(response.status);
      expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    }
    expect(statuses).toEqual([413, 413, 429]);
  });
});
