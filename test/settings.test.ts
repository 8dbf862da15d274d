import { describe, expect, test } from 'vitest';
import { helpText, parseFlags, readSettings } from '../src/settings.ts';

describe('parseFlags()', () => {
  test.each([
    [['--traces_exporter', 'console'], { OTEL_TRACES_EXPORTER: 'console' }],
    [['--traces-exporter=console'], { OTEL_TRACES_EXPORTER: 'console' }],
    [['--exporter_otlp_headers', 'a=b,c=d'], { OTEL_EXPORTER_OTLP_HEADERS: 'a=b,c=d' }],
    [['--exporter_otlp_headers=a=b'], { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }],
    [['-p', '8080', '--host=::1'], { PORT: '8080', HOST: '::1' }],
    [['--database', ':memory:'], { DATABASE_URL: ':memory:' }],
    [['--service_name', 'a', '--service_name', 'b'], { OTEL_SERVICE_NAME: 'b' }],
    [
      ['--otlp'],
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' },
    ],
    [[], {}],
  ])('reads %j', (argv, variables) => {
    expect(parseFlags(argv)).toEqual(variables);
  });

  test.each([
    ['--help', 'help'],
    ['--version', 'version'],
  ])('answers %s with %s', (flag, answer) => {
    expect(parseFlags(['-p', '1', flag])).toBe(answer);
  });

  test.each([
    ['--trace_exporter', '--traces_exporter'],
    ['--prot', '--port'],
    ['--service-nam', '--service_name'],
    ['-x', '--port'],
    ['console', '--'],
  ])('refuses %s and names the nearest flag', (flag, nearest) => {
    expect(() => parseFlags([flag])).toThrow(`Unknown flag ${flag}: did you mean ${nearest}`);
  });

  test('refuses a flag without its value', () => {
    expect(() => parseFlags(['--host'])).toThrow('--host needs a value: --host <address>.');
  });
});

describe('readSettings()', () => {
  const defaults = {
    port: 5000,
    hostname: '127.0.0.1',
    databaseUrl: 'file:tasks.db',
    trustedProxies: [],
  };

  test.each([{}, { PORT: '', HOST: ' ', DATABASE_URL: '', TRUSTED_PROXIES: ' ' }])(
    'takes %j as unset',
    (env) => {
      expect(readSettings(env)).toEqual(defaults);
    },
  );

  test('reads what is set', () => {
    const env = { PORT: ' 0 ', HOST: '::', TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16' };
    expect(readSettings(env)).toEqual({
      ...defaults,
      port: 0,
      hostname: '::',
      trustedProxies: ['10.0.0.1', '192.168.0.0/16'],
    });
  });

  test.each(['-1', 'abc', '10.5', '65536', '0x10', '1e3'])('refuses the port %s', (port) => {
    expect(() => readSettings({ PORT: port })).toThrow(`PORT is "${port}"`);
  });
});

test('helpText() lists every flag of the program', () => {
  for (const flag of ['-p, --port', '--host', '--database', '--otlp', '--help', '--version']) {
    expect(helpText('1.2.3')).toContain(flag);
  }
});
