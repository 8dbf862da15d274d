import { expect, test } from 'vitest';
import { sanitize } from '../../../packages/opentelemetry-instrument/src/doctor/show.ts';

test('sanitize() leaves no part of a secret that contains another one', () => {
  const secrets = ['acme', 'Bearer acme-4f9a17-secret'];
  expect(sanitize('no acme-4f9a17-secret for acme', secrets)).toBe('no REDACTED for REDACTED');
});
