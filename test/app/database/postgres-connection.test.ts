import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { parsePostgresUrl } from '../../../src/database/parse-postgres-url.ts';
import { createPostgresClient } from '../../../src/database/postgres/client.ts';
import { createPool } from '../../../src/database/postgres/pool.ts';
import { createAuthority } from '../../support/certificates.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../support/database-servers.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

/** Lets everyone in, except a user who needs a password and one who needs TLS. */
const LOGINS = `host all anna 127.0.0.1/32 scram-sha-256
hostssl all otto 127.0.0.1/32 trust
hostnossl all otto 127.0.0.1/32 reject
host all all 127.0.0.1/32 trust
local all all trust`;

const temporary = useTemporaryDirectory();
const authority = createAuthority();
const ca = join(temporary.path, 'ca.pem');
const otherCa = join(temporary.path, 'other.pem');
writeFileSync(ca, authority.certificate);
writeFileSync(otherCa, createAuthority().certificate);

/** Connects with parameters of the URL. @returns true if the connection is encrypted */
async function isEncrypted(port: number, parameters: string, user = 'test'): Promise<unknown> {
  const location = parsePostgresUrl(`postgres://${user}@127.0.0.1:${port}/postgres?${parameters}`);
  const limits = { size: 1, timeoutMs: 5_000, statementTimeoutMs: 5_000 };
  const client = createPostgresClient(await createPool(location, limits), location);
  try {
    const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    return (await client.query(sql, []))[0]?.[0];
  } finally {
    await client.close();
  }
}

if (noPostgres) {
  test.skip(`the sslmode of a database URL (${noPostgres})`, () => {});
} else {
  describe('the sslmode of a database URL', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      const { certificate, key } = authority.issue();
      const files = { 'server.crt': certificate, 'server.key': key, 'pg_hba.conf': LOGINS };
      const settings = ['ssl=on', `unix_socket_directories=${tmpdir()}`];
      server = await startPostgres(settings, files);
    });
    afterAll(() => server.stop());

    it.each([
      ['', false],
      ['sslmode=disable', false],
      ['sslmode=require', true],
      [`sslmode=require&sslrootcert=${ca}`, true],
      [`sslmode=verify-ca&sslrootcert=${ca}`, true],
      [`sslmode=verify-full&sslrootcert=${ca}`, true],
      [`sslmode=verify-full&host=${tmpdir()}`, false],
    ])('%j connects', async (parameters, encrypted) => {
      expect(await isEncrypted(server.port, parameters)).toBe(encrypted);
    });

    it.each([
      'sslmode=verify-full',
      `sslmode=require&sslrootcert=${otherCa}`,
      `sslmode=verify-ca&sslrootcert=${otherCa}`,
      `sslmode=verify-full&sslrootcert=${otherCa}`,
    ])('%j refuses the certificate of another authority', async (parameters) => {
      const message = expect.stringMatching(
        /^The certificate of .* is not accepted .* sslrootcert/,
      );
      const error = { kind: 'unavailable', message };
      await expect(isEncrypted(server.port, parameters)).rejects.toMatchObject(error);
      const url = `postgres://test@127.0.0.1:${server.port}/postgres?${parameters}`;
      await expect(openDatabase(url)).rejects.toMatchObject({ name: 'DatabaseOpenError', message });
    });

    it('refuses to open with a key that does not fit the certificate', async () => {
      const [cert, key] = [join(temporary.path, 'cert.pem'), join(temporary.path, 'key.pem')];
      writeFileSync(cert, authority.issue().certificate);
      writeFileSync(key, authority.issue().key);
      const parameters = `sslmode=verify-full&sslrootcert=${ca}&sslcert=${cert}&sslkey=${key}`;
      const url = `postgres://test@127.0.0.1:${server.port}/postgres?${parameters}`;
      await expect(openDatabase(url)).rejects.toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringMatching(/^TLS to the .* fails \(ERR_\w+\)\. .* sslkey/),
      });
    });

    it('names sslmode when the server refuses a connection without TLS', async () => {
      const url = `postgres://test@127.0.0.1:${server.port}/postgres`;
      await server.run(url, 'CREATE USER otto');
      expect(await isEncrypted(server.port, 'sslmode=require', 'otto')).toBe(true);
      await expect(openDatabase(url.replace('test@', 'otto@'))).rejects.toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringContaining('sslmode'),
      });
    });

    it('protects a login by password, which no message contains', async () => {
      const url = `postgres://test@127.0.0.1:${server.port}/postgres`;
      await server.run(url, "CREATE USER anna PASSWORD 'p@ss'");
      const parameters = `sslmode=verify-full&sslrootcert=${ca}`;
      const login = (password: string) => isEncrypted(server.port, parameters, `anna:${password}`);
      expect(await login('p%40ss')).toBe(true);
      const error = await login('hunter2').catch((error: unknown) => error);
      expect(error).toMatchObject({ code: '28P01', message: expect.stringContaining('password') });
      expect(everythingIn(error)).not.toMatch(/hunter2|p@ss/);
      await expect(openDatabase(url.replace('test@', 'anna@'))).rejects.toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringContaining('needs a password'),
      });
      await expect(openDatabase(url.replace('test@', 'anna:hunter2@'))).rejects.toMatchObject({
        name: 'DatabaseOpenError',
      });
    });

    it('checks the name in the certificate with verify-full only', async () => {
      const { certificate, key } = authority.issue({ host: 'db.example' });
      await server.halt();
      server.write('server.crt', certificate);
      server.write('server.key', key);
      await server.resume();
      const verified = `sslrootcert=${ca}&sslmode=`;
      expect(await isEncrypted(server.port, `${verified}verify-ca`)).toBe(true);
      await expect(isEncrypted(server.port, `${verified}verify-full`)).rejects.toMatchObject({
        kind: 'unavailable',
      });
    });

    it('names a file that cannot be read', async () => {
      const parameters = 'sslmode=verify-full&sslrootcert=/missing.pem';
      await expect(isEncrypted(server.port, parameters)).rejects.toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringContaining('/missing.pem cannot be read'),
      });
    });
  });
}
