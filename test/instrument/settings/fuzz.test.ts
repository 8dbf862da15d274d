import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OtlpProtocol, Signal } from '../../../exporters/index.ts';
import {
  describeProblem,
  UsageError,
} from '../../../packages/opentelemetry-instrument/src/settings/problem.ts';
import { resolveEndpoint } from '../../../packages/opentelemetry-instrument/src/settings/resolve-endpoint.ts';
import type { Environment } from '../../../packages/opentelemetry-instrument/src/settings/sources.ts';
import { applyToEnv } from '../../../packages/opentelemetry-instrument/src/settings/sources.ts';
import type { TodoSettings } from '../../../src/settings/index.ts';
import { parseFlags, readSettings, type VariableName, variables } from '../../support/settings.ts';

const names = Object.keys(variables) as VariableName[];
const words = [
  ...[
    'none',
    'console',
    'otlp',
    'true',
    '0',
    '-1',
    '1e9',
    'grpc',
    'b3',
    'traceidratio',
    '/v1/logs',
  ],
  ...[
    'http://',
    'https://',
    'localhost',
    '[::1]',
    ':4317',
    ':99999',
    '/',
    '?',
    '#',
    '@',
    '%',
    '%2C',
  ],
  ...[',', '=', ' ', '\n', '\u0000', '\ufeff', '(', '[', '*', 'é', '\ud800'],
  ...['__proto__', 'constructor', 'toString', 'OTEL_', 'OTEL_PYTHON_', '--', '-p'],
];
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join('')),
);
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<string>(...names) },
  { weight: 1, arbitrary: text.map((end) => `OTEL_${end}`) },
);
const environment: fc.Arbitrary<Environment> = fc.dictionary(name, text, { maxKeys: 12 });

/** Returns the lines that the program prints for the problems. */
function said({ problems }: TodoSettings): string[] {
  return problems.map(describeProblem);
}

test('readSettings() never throws, reports each problem in one line, and returns only valid settings', () => {
  fc.assert(
    fc.property(environment, environment, environment, (flag, variable, file) => {
      const sources = { flag, variable, '.env': file };
      const read = readSettings(sources);
      // No line breaks, no terminal's escape sequences, no source code of ours.
      for (const line of said(read)) expect(line).not.toMatch(/\p{Cc}|native code|\[object/u);
      for (const otlp of Object.values(read.otlp)) expectUrl(otlp.url);
      const published: Environment = {};
      applyToEnv(published, sources);
      expect(published).toEqual({ ...file, ...variable, ...flag });
    }),
    { numRuns: 500 },
  );
});

const SECRET = 'hunter2';

test('readSettings() never reveals the value or the name of a header', () => {
  const headers = names.filter((each) => each.endsWith('_HEADERS'));
  const secret = fc
    .tuple(text, fc.constantFrom('', '=', 'a=', 'authorization=Basic%20', '%zz'), text)
    .map(([before, key, after]) => `${before},${key}${SECRET}${after}`);
  fc.assert(
    fc.property(fc.constantFrom(...headers), secret, environment, (name, written, others) => {
      const problems = said(readSettings({ variable: { ...others, [name]: written } }));
      expect(problems.join('\n')).not.toContain(SECRET);
    }),
    { numRuns: 300 },
  );
});

test('readSettings() never reveals the password or the query of a URL', () => {
  const urls = names.filter((each) => variables[each].form === '<url>');
  const host = fc.constantFrom('h', 'h:4317', 'localhost', '0.0.0.0:4318', '[::]', '', 'a b');
  const scheme = fc.constantFrom(
    '',
    'http://',
    'https://',
    'grpc://',
    'postgres://',
    '//',
    'http:/',
  );
  const written = fc.oneof(
    fc
      .tuple(scheme, text, text, host, text)
      .map(([scheme, user, more, host, end]) => `${scheme}${user}:${SECRET}${more}@${host}${end}`),
    fc
      .tuple(scheme, host, fc.constantFrom('?', '?token=', '/v1/traces?a=b&key=', '#'), text)
      .map(([scheme, host, query, end]) => `${scheme}${host}${query}${SECRET}${end}`),
  );
  fc.assert(
    fc.property(fc.constantFrom(...urls), written, environment, (name, url, others) => {
      const problems = said(readSettings({ variable: { ...others, [name]: url } }));
      expect(problems.join('\n')).not.toContain(SECRET);
    }),
    { numRuns: 500 },
  );
});

test('resolveEndpoint() always leads to a URL of HTTP', () => {
  fc.assert(
    fc.property(
      fc.record({
        variable: fc.constantFrom(
          'OTEL_EXPORTER_OTLP_ENDPOINT' as const,
          'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT' as const,
        ),
        written: fc.option(text, { nil: undefined }),
        signal: fc.constantFrom<Signal[]>('traces', 'metrics', 'logs'),
        protocol: fc.constantFrom<OtlpProtocol[]>('http/protobuf', 'http/json', 'grpc'),
        insecure: fc.boolean(),
      }),
      (about) => {
        const { url, warnings } = resolveEndpoint(about);
        expectUrl(url);
        // A URL of one signal is used unchanged.
        if (warnings.length === 0 && about.variable !== 'OTEL_EXPORTER_OTLP_ENDPOINT') {
          expect(resolveEndpoint({ ...about, written: url })).toMatchObject({ url, warnings: [] });
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

function expectUrl(url: string): void {
  expect(URL.canParse(url), url).toBe(true);
  expect(new URL(url).protocol).toMatch(/^https?:$/);
}

test('parseFlags() parses a command line or throws a UsageError', () => {
  const flag = fc
    .constantFrom(...names)
    .map((each) => `--${each.replace('OTEL_', '').toLowerCase()}`);
  const argument = fc.oneof(
    text,
    flag,
    fc.tuple(flag, text).map((pair) => pair.join('=')),
  );
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
      try {
        parseFlags(argv);
        taken += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        refused += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});
