import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../packages/hono-opentelemetry/src/redact.ts';

const { query, path, text, header } = createRedactor();

/** Names in the HTTP conventions, OAuth and common services, as these spell them. */
const SENSITIVE =
  'X-Amz-Signature X-Amz-Credential X-Amz-Security-Token sig X-Goog-Signature AWSAccessKeyId Signature ' +
  'X-Goog-Credential GoogleAccessId OSSAccessKeyId Key-Pair-Id token Token TOKEN access_token accessToken ' +
  'access-token refresh_token id_token_hint xsrfToken jwt client_assertion api_key apiKey api-key APIKEY ' +
  'api.key subscription-key appkey key code auth authToken oauth_verifier authorization code_verifier ' +
  'client_secret clientSecret secret session sessionid session_id PHPSESSID JSESSIONID connect.sid ' +
  'SAMLResponse SAMLRequest password Passwd passwd pass pwd user_pwd passphrase otp totp-code pin hmac csrf ' +
  'ticket cvv key2 creds sess mfa signed_request _token s3.sig user[password] user[0].token';

const PUBLIC =
  'q page show after limit author authors authority keyword keyboard signal shopping codec passenger ' +
  'machine description side topic state opinion encoding sort id name';

describe('query()', () => {
  test.each(SENSITIVE.split(' '))('redacts %s, and keeps the names and their order', (name) => {
    const before = `a=1&${name}=SECRET&b=2&${name}=SECRET%20&${name}`;
    expect(query(before)).toBe(`a=1&${name}=REDACTED&b=2&${name}=REDACTED&${name}`);
    const escaped = [...name].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');
    expect(query(`${escaped}=SECRET`)).toBe(`${escaped}=REDACTED`);
  });

  test.each(PUBLIC.split(' '))('keeps %s', (name) => {
    expect(query(`${name}=1&b=${name}`)).toBe(`${name}=1&b=${name}`);
  });

  test.each([
    ['%73ig=SECRET', '%73ig=REDACTED'],
    ['a=1;token=SECRET;b=2', 'a=1;token=REDACTED;b=2'],
    ['a=1;token=x/y=z?;b=2', 'a=1;token=REDACTED?;b=2'],
    ['next=https://x/?token=SECRET&b=2', 'next=https://x/?token=REDACTED&b=2'],
    ['next=https://x/#token=SECRET', 'next=https://x/#token=REDACTED'],
    [
      'next=https%3A%2F%2Fx%2F%3Ftoken%3DSECRET%26c%3D2&b=2',
      'next=https%3A%2F%2Fx%2F%3Ftoken%3DREDACTED%26c%3D2&b=2',
    ],
    ['next=%2F%3ftoken%3dA%2526B%26c', 'next=%2F%3ftoken%3dREDACTED%26c'],
    [
      'next=%252F%253Ftoken%253DSECRET%2526c%253D2',
      'next=%252F%253Ftoken%253DREDACTED%2526c%253D2',
    ],
    ['token=A%26b%3DB&c=2', 'token=REDACTED&c=2'],
    ['state=token%3DSECRET%26b%3D2', 'state=token%3DREDACTED%26b%3D2'],
    ['filter=token=SECRET', 'filter=token=REDACTED'],
    ['u=https://jane:SECRET@x/&b=2', 'u=https://REDACTED:REDACTED@x/&b=2'],
    ['u=https%3A%2F%2Fjane%3ASECRET%40x%2F', 'u=https%3A%2F%2FREDACTED:REDACTED%40x%2F'],
    ['q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.SECRET&b=2', 'q=REDACTED&b=2'],
    ['q={"token":"SECRET","a":"b"}&b=2', 'q={"token":"REDACTED","a":"b"}&b=2'],
    ['q=%7B%22token%22%3A%22SECRET%22%7D', 'q=%7B%22token%22%3A%22REDACTED%22%7D'],
    ['q=Bearer%20SECRET1&b=2', 'q=Bearer%20REDACTED&b=2'],
    ['q=Basic+SECRET%3D&b=word', 'q=Basic+REDACTED&b=word'],
    ['after=eyJhZnRlciI6MX0', 'after=eyJhZnRlciI6MX0'],
  ])('redacts %s to %s', (before, after) => {
    expect(query(before)).toBe(after);
  });

  test.each(['', 'a', 'a=1&b=2', '&&=', '%', '%zz=1', '=', 'q=me@example.com'])(
    'does not change "%s"',
    (before) => {
      expect(query(before)).toBe(before);
    },
  );
});

test.each([
  ['/tasks;jsessionid=SECRET/1', '/tasks;jsessionid=REDACTED/1'],
  ['/tasks%3Bjsessionid=SECRET', '/tasks%3Bjsessionid=REDACTED'],
  ['/token=SECRET/1', '/token=REDACTED/1'],
  ['/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.SECRET/now', '/reset/REDACTED/now'],
  ['/reset/eyJhbGciOiJIUzI1NiJ9%2EeyJzdWIi%2ESECRET', '/reset/REDACTED'],
  ['/tasks;v=1/1', '/tasks;v=1/1'],
  ['/token/1', '/token/1'],
])('path() redacts %s to %s', (before, after) => {
  expect(path(before)).toBe(after);
});

test.each([
  ["Invalid URL: 'http://h/?token=SECRET'", "Invalid URL: 'http://h/?token=REDACTED"],
  ['GET /?sig=SECRET failed', 'GET /?sig=REDACTED failed'],
  ['password=SECRET is wrong', 'password=REDACTED is wrong'],
  ['no postgres://jane:SECRET@h/db?ssl=1 here', 'no postgres://REDACTED:REDACTED@h/db?ssl=1 here'],
  ['"Bearer SECRET1" is no header', '"Bearer REDACTED" is no header'],
  [
    'of {"a": 1, "password": "a\\"SECRET", "pin": 1234}',
    'of {"a": 1, "password": "REDACTED", "pin": REDACTED}',
  ],
  ['of "{\\"apiKey\\": \\"SECRET\\"}"', 'of "{\\"apiKey\\": \\"REDACTED\\"}"'],
  ['bearer tokens and basic authentication', 'bearer tokens and basic authentication'],
  ['at f (file:///app/x.ts?v=1:2:3)', 'at f (file:///app/x.ts?v=1:2:3)'],
])('text() redacts "%s" to "%s"', (before, after) => {
  expect(text(before)).toBe(after);
});

test.each([
  ['x-session-id', 'SECRET', 'REDACTED'],
  ['dpop', 'SECRET', 'REDACTED'],
  ['x-hub-signature-256', 'SECRET', 'REDACTED'],
  ['referer', 'https://x/?token=SECRET', 'https://x/?token=REDACTED'],
  ['x-original-url', '/a;jsessionid=SECRET', '/a;jsessionid=REDACTED'],
  ['x-amzn-oidc-data', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.SECRET', 'REDACTED'],
  ['accept', 'text/html;q=0.9, */*;q=0.1', 'text/html;q=0.9, */*;q=0.1'],
])('header() redacts %s: %s to %s', (name, value, recorded) => {
  expect(header(name, value)).toBe(recorded);
});

test('createRedactor() adds names in any spelling, and patterns', () => {
  const more = createRedactor(['tenantId', /^x-internal-/g]);
  expect(more.query('tenant_id=A&TENANT-ID=A&tenantIds=A')).toBe(
    'tenant_id=REDACTED&TENANT-ID=REDACTED&tenantIds=A',
  );
  for (const name of ['x-internal-a', 'x-internal-b', 'Tenant-Id', 'cookie']) {
    expect(more.header(name, 'A')).toBe('REDACTED');
  }
  expect(more.header('x-other', 'A')).toBe('A');
});
