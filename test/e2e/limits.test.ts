import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';

const FORM = [
  'POST /add HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/x-www-form-urlencoded',
  'Connection: close',
];
const GET = ['GET / HTTP/1.1', 'Host: localhost', 'Connection: close'];

let app: SpawnedApp;
beforeAll(async () => {
  app = await spawnApp();
});
afterAll(() => app.stop());

/** What comes back first, `''` when the connection is closed unanswered. `drip` goes on every 3 s. */
async function send(lines: readonly string[], body = '', drip = ''): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.setEncoding('latin1').on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n${drip === '' ? '\r\n' : ''}${body}`);
  const timer = drip === '' ? undefined : setInterval(() => socket.write(drip), 3_000);
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data))).once('close', () => resolve(''));
  });
  clearInterval(timer);
  socket.destroy();
  return answer;
}

describe('on the wire', () => {
  test('a body of 1 MB that says so is refused with 413', async () => {
    const answer = await send([...FORM, 'Content-Length: 1000000'], 'a'.repeat(100_000));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a chunked body over 64 kB is refused with 413', async () => {
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    const answer = await send([...FORM, 'Transfer-Encoding: chunked'], `${chunk}${chunk}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('20 kB of headers are refused with 431', async () => {
    expect(await send([...GET, `X-Big: ${'a'.repeat(20_000)}`])).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('TRACE is refused with 405, and a path cannot leave the app', async () => {
    expect(await send(['TRACE / HTTP/1.1', ...GET.slice(1)])).toMatch(/^HTTP\/1\.1 405 /);
    expect(await send(['GET /../../etc/passwd HTTP/1.1', ...GET.slice(1)])).toMatch(/ 404 /);
  });

  test('CONNECT opens nothing', async () => {
    const answer = await send([
      'CONNECT example.org:80 HTTP/1.1',
      'Host: example.org',
      'Connection: close',
    ]);
    // Node drops it unanswered.
    expect(answer === '' || / 404 /.test(answer)).toBe(true);
  });

  const neverCuts = currentRuntime === 'deno';
  test.skipIf(neverCuts).each([
    ['body', [...FORM, 'Content-Length: 1000', ''], 'a'],
    ['headers', GET, 'X-More: 1\r\n'],
  ])(
    `a slow %s is cut within 30 s${neverCuts ? ' (skipped: Deno never cuts, a proxy has to)' : ''}`,
    async (_, lines, drip) => {
      const startedAt = performance.now();
      const answer = await send(lines, '', drip);
      expect(answer === '' || / 408 /.test(answer)).toBe(true);
      expect(performance.now() - startedAt).toBeLessThan(30_000);
    },
    40_000,
  );
});
