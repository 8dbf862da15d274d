import { describe, expect, test } from 'vitest';
import { ownHosts } from '../../../exporters/hosts/index.ts';
import { traceHttp } from '../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { settingsOf } from '../../support/settings.ts';

const telemetry = recordTelemetry();
const app = createApp({
  store: createMemoryTaskStore(),
  trace: traceHttp(telemetry),
  trustProxy: settingsOf({ TRUSTED_PROXIES: '10.0.0.0/8' }).TRUSTED_PROXIES,
  isOwnHost: ownHosts(['127.0.0.1', 'todo.example']),
  apiOrigins: ['https://a.example'],
});
const PROXY = { peer: { address: '10.0.0.9', port: 1 } };
const STRANGER = { peer: { address: '192.0.2.1', port: 1 } };

async function statusOf(url: string, headers: Record<string, string> = {}, bindings = STRANGER) {
  return (await app.request(url, { headers }, bindings)).status;
}

describe('checkHost()', () => {
  test('responds with a page, and with problem details to programs', async () => {
    const page = await app.request('http://evil.example/');
    expect(page.status).toBe(421);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).not.toContain('evil');

    const problem = await app.request('http://evil.example/api/tasks');
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
    expect(await problem.json()).toMatchObject({ status: 421, title: 'Misdirected Request' });
  });

  test('runs before CORS, the origin check and every route', async () => {
    const preflight = {
      Origin: 'https://a.example',
      'Access-Control-Request-Method': 'PATCH',
    };
    const cases = [
      ['OPTIONS', '/api/tasks', preflight],
      ['POST', '/add', { Origin: 'http://evil.example' }],
      ['POST', '/add', { 'Sec-Fetch-Site': 'same-origin' }],
      ['DELETE', '/api/tasks', {}],
      ['GET', '/healthz', {}],
      ['GET', '/readyz', {}],
      ['GET', '/api/openapi.json', {}],
      ['GET', '/favicon.ico', {}],
      ['TRACE', '/', {}],
    ] as const;
    for (const [method, path, headers] of cases) {
      const url = `http://evil.example${path}`;
      const request = new Request(url, { method: method === 'TRACE' ? 'GET' : method, headers });
      const response = await app.fetch(request);
      expect(response.status, `${method} ${path}`).toBe(421);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('checks the Host header as well as the URL', async () => {
    expect(await statusOf('http://localhost/', { Host: 'evil.example' })).toBe(421);
    expect(await statusOf('http://evil.example/', { Host: 'localhost' })).toBe(421);
    expect(await statusOf('http://todo.example/', { Host: 'localhost:5000' })).toBe(200);
  });

  test('checks the host that a trusted proxy forwards', async () => {
    const forwarded = (host: string) => ({ 'X-Forwarded-Host': host });
    expect(await statusOf('http://localhost/', forwarded('todo.example'), PROXY)).toBe(200);
    expect(await statusOf('http://localhost/', forwarded('evil.example'), PROXY)).toBe(421);
    // Otherwise a rebinding page behind a proxy on the same machine could send the header itself.
    expect(await statusOf('http://evil.example/', forwarded('todo.example'), PROXY)).toBe(421);
    expect(await statusOf('http://localhost/', forwarded('evil.example'), STRANGER)).toBe(200);
  });

  test('leaves refused requests in the telemetry', async () => {
    const before = telemetry.spans().length;
    await statusOf('http://evil.example/');
    const span = telemetry.spans()[before];
    expect(span?.attributes).toMatchObject({
      'http.response.status_code': 421,
      'server.address': 'evil.example',
    });
  });
});
