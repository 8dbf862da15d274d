import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { readForwarded, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { STANDARD_SQL } from '../../packages/hono-opentelemetry/src/sql/sql-tokens.ts';
import { summarizeSql } from '../../packages/hono-opentelemetry/src/sql/summarize-sql.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';

/** Takes of a list what a seed decides, the same on every run. */
function choices(seed: number) {
  let state = seed + 1;
  function below(limit: number): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  }
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const some = <T>(list: readonly T[], most: number): T[] =>
    Array.from({ length: below(most + 1) }, () => one(list));
  return { one, some };
}

const RUNS = Array.from({ length: 2_000 }, (_, seed) => seed);

describe('readForwarded()', () => {
  const PROXY = '10.0.0.8';
  const isTrusted = (address: string) => address.startsWith('10.');
  const real = { client: '198.51.100.7', scheme: 'https', host: 'example.com' };
  const read = (headers: Record<string, string>) =>
    readForwarded(
      (name) => headers[name],
      isTrusted,
      'forwarded' in headers ? 'forwarded' : 'x-forwarded',
    );

  test.each([
    'for=198.51.100.7;proto=https;host=example.com',
    'for="198.51.100.7:80";proto="https";host="example.com"',
    `for="198.51.100.7";host=example.com;proto=https, for="${PROXY}";proto=http`,
  ])('believes nothing that a client wrote before %s', (written) => {
    expect(read({ forwarded: written })).toEqual(real);
    const words = ['for=', '1.2.3.4', PROXY, 'proto=http', 'host=evil', ';', ',', '"', '=', '\\"'];
    for (const seed of RUNS) {
      const forged = choices(seed).some(words, 8).join('');
      expect(read({ forwarded: `${forged}, ${written}` }), forged).toEqual(real);
    }
  });

  test('ignores everything that a client wrote before the entries of proxies', () => {
    const words = ['1.2.3.4', PROXY, 'evil', '', ',', '"', ' '];
    for (const seed of RUNS) {
      const { some } = choices(seed);
      const forge = () => some(words, 4).join(',');
      const headers = {
        'x-forwarded-for': `${forge()}, 198.51.100.7, ${PROXY}`,
        'x-forwarded-proto': `${forge()}, https, http`,
        'x-forwarded-host': `${forge()}, example.com, inner`,
      };
      expect(read(headers), JSON.stringify(headers)).toEqual(real);
    }
  });
});

describe('summarizeSql()', () => {
  test('shows no value of any statement', () => {
    const words = [
      ...'SELECT INSERT UPDATE DELETE FROM JOIN INTO USING WITH AS SET ON WHERE'.split(' '),
      ...['(', ')', ',', ';', '=', '?', '$1', 'tasks', '"a b"', 'CREATE TABLE', 'INDEX'],
      ...["'SECRET'", "'it''s SECRET'", '$$SECRET$$', '-- SECRET\n', '/* SECRET */', '4711'],
    ];
    for (const seed of RUNS) {
      const sql = choices(seed).some(words, 15).join(' ');
      const summary = summarizeSql(sql, STANDARD_SQL);
      // A string in the place of a table is a table name.
      const isTable = /\b(FROM|JOIN|INTO|UPDATE|USING)\b[^']*'/.test(sql);
      expect(summary, sql).not.toMatch(isTable ? /4711|\$/ : /SECRET|4711|'/);
      expect(summary.length).toBeLessThanOrEqual(255);
    }
  });
});

describe('traceHttp({ semconv })', () => {
  test('http.url is the URL of the request without secrets and fragment', async () => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp({ ...telemetry, semconv: 'dup' }));
    for (const seed of RUNS.slice(0, 300)) {
      const { one, some } = choices(seed);
      const url =
        `${one(['http', 'https'])}://${one(['example.com', '[::1]', '192.0.2.1'])}` +
        `${one(['', ':80', ':443', ':8080'])}/${some(['a', '/', '%20', 'ü', ':', '@', ';'], 6).join('')}` +
        `${one(['', '?', '?a=1&sig=SECRET&b', '?token=SECRET', '?u=http://x/?y'])}${one(['', '#SECRET'])}`;
      await app.request(new Request(url));

      const { attributes } = telemetry.spans().at(-1) ?? {};
      const full = new URL(String(attributes?.['http.url']));
      const sent = new URL(url);
      expect(full.origin, url).toBe(sent.origin);
      expect(full.pathname, url).toBe(sent.pathname);
      expect(full.search, url).toBe(sent.search.replaceAll('SECRET', 'REDACTED'));
      expect(full.hash, url).toBe('');
    }
  });
});
