import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../../src/database/parse-postgres-url.ts';
import { fromPostgresError, isOutage } from '../../../src/database/postgres/errors.ts';
import type { SqlError } from '../../../src/database/sql-client.ts';

const location = parsePostgresUrl('postgres://test@127.0.0.1/todo');

test.each([
  // No server, one that starts, one that is full, or a network that loses packets.
  ['ECONNREFUSED', true],
  ['ENOTFOUND', true],
  ['ECONNRESET', true],
  ['57P03', true],
  ['53300', true],
  // A wrong password, no such database, no schema.
  ['28P01', false],
  ['3D000', false],
  ['3F000', false],
  // TLS.
  ['SELF_SIGNED_CERT_IN_CHAIN', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false],
  ['ERR_BORINGSSL', false],
])('isOutage() knows whether %s may end by itself: %s', (code, expected) => {
  const error = Object.assign(new Error('It failed.'), { code });
  expect(isOutage(fromPostgresError(error, location) as SqlError)).toBe(expected);
});

test('an error of PgBouncer is quoted, because its SQLSTATE has many meanings', () => {
  const reason = 'unsupported startup parameter: statement_timeout';
  const error = Object.assign(new Error(reason), { code: '08P01' });
  expect(fromPostgresError(error, location)).toMatchObject({
    kind: 'unavailable',
    code: '08P01',
    message: expect.stringContaining(`refuses the connection (${reason})`),
  });
});
