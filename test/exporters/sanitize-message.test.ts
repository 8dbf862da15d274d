import { expect, test } from 'vitest';
import { sanitizeMessage } from '../../exporters/otlp/failure/sanitize-message.ts';
import { otlpSettings } from '../../packages/opentelemetry-instrument/src/settings/otlp-settings.ts';
import { settingsOf } from '../support/settings.ts';

const settings = otlpSettings(
  'traces',
  settingsOf({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://anna:p%40ssword@collector:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme,authorization=Bearer acme-4f9a17-secret',
  }),
);

test.each([
  ['no acme-4f9a17-secret here', 'no REDACTED here'],
  ['tenant acme is unknown', 'tenant REDACTED is unknown'],
  ['anna has not the password p@ssword', 'REDACTED has not the password REDACTED'],
  ['p%40ssword is wrong', 'REDACTED is wrong'],
  ['send a Bearer token, not Basic', 'send a Bearer token, not Basic'],
])('sanitizeMessage() turns "%s" into "%s"', (message, sanitized) => {
  expect(sanitizeMessage(message, settings)).toBe(sanitized);
});
