import { describe, expect, test } from 'vitest';
import { redactQuery } from '../../src/tracing/redact-query.ts';

const SECRETS = [
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'sig',
  'X-Goog-Signature',
  'AWSAccessKeyId',
  'Signature',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'jwt',
  'api_key',
  'apikey',
  'client_secret',
  'secret',
  'session',
  'password',
];

describe('redactQuery()', () => {
  test.each(SECRETS)('redacts %s wherever it stands, and keeps keys and order', (name) => {
    const query = `${name}=SECRET&q=1&${name}=SECRET%20&x${name}=2&${name}`;
    expect(redactQuery(query)).toBe(`${name}=REDACTED&q=1&${name}=REDACTED&x${name}=2&${name}`);
  });

  test('knows names by their case, as the conventions ask', () => {
    expect(redactQuery('SIG=1&Sig=2&sig=SECRET=x')).toBe('SIG=1&Sig=2&sig=REDACTED');
  });

  test.each(['', 'a', 'a=1&b=2', '&&=', 'a=sig=1'])('leaves "%s" as it is', (query) => {
    expect(redactQuery(query)).toBe(query);
  });
});
