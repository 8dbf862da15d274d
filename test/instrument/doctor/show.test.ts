import { expect, test } from 'vitest';
import { showForeign } from '../../../packages/opentelemetry-instrument/src/doctor/show.ts';

test('showForeign() shows no part of a secret that contains another one', () => {
  const secrets = ['acme', 'Bearer acme-4f9a17-secret'];
  expect(showForeign('no acme-4f9a17-secret for acme', secrets)).toBe('no REDACTED for REDACTED');
});
