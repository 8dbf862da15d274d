import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { openRawConnection, type RawConnection, sendRaw } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

let app: SpawnedApp;
beforeAll(async () => {
  app = await spawnApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function expectAlive(): Promise<void> {
  expect((await fetch(app.url)).status).toBe(200);
}

describe('a request that is too large', () => {
  test('a body with a declared length of 1 MB gets 413 before it is sent', async () => {
    const headers = { ...FORM, 'Content-Length': '1000000' };
    expect(await sendRaw(app.url, 'POST /add', headers)).toMatch(/^HTTP\/1\.1 413 /);
    await expectAlive();
  });

  test('a body in chunks gets 413 once it is over 64 kB', async () => {
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    expect(await sendRaw(app.url, 'POST /add', headers, ...Array(17).fill(chunk))).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    await expectAlive();
  });

  test('a small chunked body is read without a warning of the runtime', async () => {
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    const answer = await sendRaw(app.url, 'POST /add', headers, '9\r\ntask=milk\r\n0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
    // Deno printed one about `request.signal` after the first copy of a request.
    await expectAlive();
    expect(app.stderr).not.toMatch(/warn|request\.signal/i);
  });

  test('an address of 60 kB gets 414, or 431 where it counts as a header', async () => {
    const status = currentRuntime === 'deno' ? 414 : 431;
    const answer = await sendRaw(app.url, `GET /?q=${'x'.repeat(60_000)}`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await expectAlive();
  });

  test('20 kB of headers get 431', async () => {
    expect(await sendRaw(app.url, 'GET /', { Cookie: 'x'.repeat(20_000) })).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    await expectAlive();
  });
});

const neverCuts = currentRuntime === 'deno';

describe
  .skipIf(neverCuts)
  .concurrent('a slow request (Deno.serve has no time limit: use a proxy)', () => {
    /** Returns the data received until the connection is cut, while `byte` is sent slowly. */
    async function drip(connection: RawConnection, byte: string): Promise<string> {
      const timer = setInterval(() => connection.send(byte), 3_000);
      const received = await connection.received;
      clearInterval(timer);
      return received;
    }

    test('is closed within 30 s if the body arrives at 1 byte per 3 s', {
      timeout: 30_000,
    }, async () => {
      const connection = await openRawConnection(app.url);
      connection.sendHead('POST /add', { ...FORM, 'Content-Length': '1000' });
      expect(await drip(connection, 'x')).toMatch(/^(HTTP\/1\.1 408 |$)/);
      await expectAlive();
    });

    test('is cut within 30 s when the headers do', { timeout: 30_000 }, async () => {
      const connection = await openRawConnection(app.url);
      connection.send('GET / HTTP/1.1\r\nHost: ');
      expect(await drip(connection, 'x')).toMatch(/^(HTTP\/1\.1 408 |$)/);
      await expectAlive();
    });
  });
