import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../../packages/opentelemetry-instrument/src/settings/problem.ts';
import { effectiveSettings } from '../../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import type { Origin } from '../../../packages/opentelemetry-instrument/src/settings/sources.ts';
import { parseFlags, readSettings, variables } from '../../support/settings.ts';

const CREDENTIALS = [
  'https://user:SECRET@host',
  'https://SECRET:x@a.example,https://user:a,SECRET@b.example',
  'https://a.example,https://user:SECRET/x?@b.example/v1/traces?a=1',
];

/** Returns all output of the program and its doctor about one setting. */
function said(name: string, value: string, origin: Origin = 'variable'): string {
  const read = readSettings({ [origin]: { [name]: value } });
  return [
    ...read.problems.map(describeProblem),
    ...effectiveSettings(read).map((setting) => setting.value),
  ].join('\n');
}

describe.each(Object.keys(variables))('%s', (name) => {
  test.each(CREDENTIALS)('is shown without the credentials in %s', (value) => {
    expect(said(name, value)).not.toContain('SECRET');
  });

  test('is shown without control characters in warnings', () => {
    const read = readSettings({ variable: { [name]: 'a\x1b[31m\x9b2J\u202eb' } });
    expect(read.problems.map(describeProblem).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test.each(['API_ALLOWED_ORIGINS', 'JAEGER_UI_URL', 'DATABASE_URL'])(
  '%s is shown without its query',
  (name) => {
    expect(said(name, 'https://a.example/?token=SECRET')).not.toContain('SECRET');
  },
);

test.each([['--otlp=SECRET'], ['https://user:SECRET@host'], ['--help=SECRET']])(
  'parseFlags() does not repeat the secret in %s',
  (argument) => {
    expect(() => parseFlags([argument])).toThrow(/^(?!.*SECRET)/);
  },
);

test('a flag with secrets is reported, a variable with secrets is not', () => {
  const name = 'OTEL_EXPORTER_OTLP_HEADERS';
  const warning = '--exporter_otlp_headers: the value is secret';
  expect(said(name, 'authorization=SECRET', 'flag')).toContain(warning);
  expect(said(name, 'authorization=SECRET', 'flag')).not.toContain('SECRET');
  expect(said(name, 'authorization=SECRET')).not.toContain(warning);
});

test('a value with a colon and without credentials is shown completely', () => {
  expect(said('ALLOWED_HOSTS', 'todo.example:8080')).toContain('"todo.example:8080" is not a host');
});
