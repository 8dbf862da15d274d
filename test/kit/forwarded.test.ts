import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type ProxyHeaders, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';

const PROXIES = ['192.0.2.1', '192.0.2.2'];

/** Traces a request from `peer`. */
async function trace(
  headers: Record<string, string>,
  peer = '192.0.2.1',
  proxyHeaders: ProxyHeaders = 'forwarded' in headers ? 'forwarded' : 'x-forwarded',
) {
  const telemetry = recordTelemetry();
  const trustProxy = (address: string) => PROXIES.includes(address);
  const app = new Hono().use(traceHttp({ ...telemetry, trustProxy, proxyHeaders }));
  await app.request('http://internal:8080/', { headers }, { peer: { address: peer, port: 1 } });
  const { attributes } = telemetry.span();
  const server = `${attributes['server.address']} ${attributes['server.port']}`;
  expect(attributes['network.peer.address']).toBe(peer);
  return { client: attributes['client.address'], scheme: attributes['url.scheme'], server };
}

const direct = { client: '192.0.2.1', scheme: 'http', server: 'internal 8080' };

describe('traceHttp({ trustProxy })', () => {
  test.each<[Record<string, string>, Partial<typeof direct>]>([
    [{}, {}],
    [{ 'x-forwarded-for': '198.51.100.7' }, { client: '198.51.100.7' }],
    [{ 'x-forwarded-for': '198.51.100.7:4711' }, { client: '198.51.100.7' }],
    [{ 'x-forwarded-for': '2001:db8::7' }, { client: '2001:db8::7' }],
    [{ 'x-forwarded-for': '[2001:db8::7]:4711' }, { client: '2001:db8::7' }],
    [{ 'x-forwarded-for': 'forged, 198.51.100.7' }, { client: '198.51.100.7' }],
    [{ 'x-forwarded-for': 'forged, 198.51.100.7, 192.0.2.2' }, { client: '198.51.100.7' }],
    [{ 'x-forwarded-for': '192.0.2.2, 192.0.2.1' }, { client: '192.0.2.2' }],
    [{ 'x-forwarded-for': '' }, {}],
    [{ 'x-forwarded-for': ' , ' }, {}],
    [{ 'x-forwarded-for': 'unknown' }, {}],
    [{ 'x-forwarded-proto': 'https' }, { scheme: 'https' }],
    [{ 'x-forwarded-proto': 'HTTPS' }, { scheme: 'https' }],
    [{ 'x-forwarded-proto': 'javascript' }, {}],
    [{ 'x-forwarded-host': 'example.com:9000' }, { server: 'example.com 9000' }],
    [
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'example.com' },
      { scheme: 'https', server: 'example.com 443' },
    ],
    [{ 'x-forwarded-host': '' }, {}],
    // Of lists that each proxy added to: what the one saw that the client asked.
    [
      {
        'x-forwarded-for': '198.51.100.7, 192.0.2.2',
        'x-forwarded-proto': 'https, http',
        'x-forwarded-host': 'example.com, inner:8080',
      },
      { client: '198.51.100.7', scheme: 'https', server: 'example.com 443' },
    ],
    [
      {
        'x-forwarded-for': 'forged, 198.51.100.7',
        'x-forwarded-proto': 'http, https',
        'x-forwarded-host': 'forged, example.com',
      },
      { client: '198.51.100.7', scheme: 'https', server: 'example.com 443' },
    ],
    [
      { 'x-forwarded-for': '198.51.100.7, 192.0.2.2', 'x-forwarded-proto': 'https' },
      { client: '198.51.100.7', scheme: 'https', server: 'internal 8080' },
    ],
    [{ 'x-forwarded-proto': 'http, https' }, { scheme: 'https' }],
    [{ forwarded: 'for=198.51.100.7' }, { client: '198.51.100.7' }],
    [{ forwarded: 'For="[2001:db8::7]:4711"' }, { client: '2001:db8::7' }],
    [
      { forwarded: 'for=198.51.100.7;proto=https;host=example.com;by=192.0.2.1' },
      {
        client: '198.51.100.7',
        scheme: 'https',
        server: 'example.com 443',
      },
    ],
    [
      { forwarded: 'for=forged, for=198.51.100.7;proto=https' },
      {
        client: '198.51.100.7',
        scheme: 'https',
      },
    ],
    // The proxy in front speaks https with the client and http with the one behind it.
    [
      { forwarded: 'for=198.51.100.7;proto=https;host=example.com, for=192.0.2.2;proto=http' },
      {
        client: '198.51.100.7',
        scheme: 'https',
        server: 'example.com 443',
      },
    ],
    [{ forwarded: 'for=unknown;proto=https' }, { scheme: 'https' }],
    [{ forwarded: 'for=_hidden' }, {}],
    [{ forwarded: 'for="a,b";proto=https' }, { scheme: 'https' }],
    [{ forwarded: ';;=;,,' }, {}],
    // A quote that a client opens must not swallow what the proxy adds.
    [{ forwarded: 'for=1.2.3.4;x=", for="198.51.100.7"' }, { client: '198.51.100.7' }],
  ])('reads %j', async (headers, expected) => {
    expect(await trace(headers)).toEqual({ ...direct, ...expected });
  });

  test('ignores headers of the kind that the proxy does not set', async () => {
    const headers = {
      forwarded: 'for=198.51.100.7;proto=https;host=a.example',
      'x-forwarded-for': '198.51.100.8',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'b.example',
    };
    const of = (kind?: ProxyHeaders) => trace(headers, '192.0.2.1', kind);
    const byList = { client: '198.51.100.8', scheme: 'https', server: 'b.example 443' };
    expect(await of('x-forwarded')).toEqual(byList);
    expect(await of('forwarded')).toEqual({
      client: '198.51.100.7',
      scheme: 'https',
      server: 'a.example 443',
    });
    const { forwarded } = headers;
    expect(await trace({ forwarded }, '192.0.2.1', 'x-forwarded')).toEqual(direct);
    const { forwarded: _, ...list } = headers;
    expect(await trace(list, '192.0.2.1', 'forwarded')).toEqual(direct);
  });

  test('ignores the headers of a peer that is not a trusted proxy', async () => {
    const headers = {
      forwarded: 'for=1.2.3.4;proto=https;host=example.com',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'example.com',
    };
    expect(await trace(headers, '198.51.100.9')).toEqual({ ...direct, client: '198.51.100.9' });
  });

  test('traceHttp() trusts no proxy by default', async () => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp(telemetry));
    const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };
    await app.request('/', { headers }, { peer: { address: '192.0.2.1', port: 1 } });
    expect(telemetry.span().attributes).toMatchObject({
      'client.address': '192.0.2.1',
      'url.scheme': 'http',
    });
  });
});
