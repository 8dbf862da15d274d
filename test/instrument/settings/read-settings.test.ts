import { describe, expect, test } from 'vitest';
import { exporters } from '../../../exporters/index.ts';
import { describeProblem } from '../../../packages/opentelemetry-instrument/src/settings/problem.ts';
import type { Variable } from '../../../packages/opentelemetry-instrument/src/settings/variable.ts';
import {
  readSettings,
  type Settings,
  type VariableName,
  variables,
} from '../../support/settings.ts';

const table = Object.entries<Variable<unknown>>(variables);
const names = Object.keys(variables) as VariableName[];

/** Reads an environment, and the problems as sentences. */
function read(variable: Record<string, string>) {
  const { problems, ...rest } = readSettings({ variable });
  return { ...rest, problems, said: problems.map(describeProblem) };
}

const defaults = read({}).settings;

describe('an empty variable (C1)', () => {
  test.each(names)('%s is unset, and no problem', (name) => {
    for (const text of ['', ' ', '\t']) {
      const { settings, said, written } = read({ [name]: text });
      expect(settings).toEqual(defaults);
      expect(said).toEqual([]);
      expect(written.size).toBe(0);
    }
  });
});

describe('a number (C2, C3)', () => {
  const numbers = table.filter(([, { form }]) => form === '<ms>' || form === '<number>');

  test('there are many', () => expect(numbers.length).toBeGreaterThan(20));

  test.each(
    numbers.flatMap(([name]) =>
      ['-1', 'abc', '10.5', '1e3', '0x10', 'Infinity', '99999999999'].map((text) => [name, text]),
    ),
  )('%s=%s is one problem with both, and the default applies', (name = '', text = '') => {
    const { settings, said, problems } = read({ [name]: text });
    expect(settings).toEqual(defaults);
    expect(said).toEqual([
      expect.stringMatching(
        `^${name}: "${text}" is (not a (port|whole number)|out of range); .*use `,
      ),
    ]);
    expect(problems[0]?.isFatal).toBe(name === 'PORT');
  });

  test.each([
    'OTEL_BSP_EXPORT_TIMEOUT',
    'OTEL_BLRP_EXPORT_TIMEOUT',
    'OTEL_METRIC_EXPORT_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_EXPORTER_OTLP_LOGS_TIMEOUT',
  ] as const)('%s=0 sets no limit', (name) => {
    const { settings, said } = read({ [name]: '0' });
    expect(settings[name]).toBe(Number.POSITIVE_INFINITY);
    expect(said).toEqual([]);
  });

  test.each([
    'OTEL_BSP_EXPORT_TIMEOUT',
    'OTEL_METRIC_EXPORT_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_EXPORTER_OTLP_LOGS_TIMEOUT',
  ] as const)('%s=10 is taken and questioned', (name) => {
    const { settings, said } = read({ [name]: '10' });
    expect(settings[name]).toBe(10);
    expect(said).toEqual([
      `${name}: "10" means only 10 milliseconds; use 10000 for 10 seconds, or at least 1000`,
    ]);
    expect(read({ [name]: '1000' }).said).toEqual([]);
  });

  test.each(['OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BLRP_SCHEDULE_DELAY'] as const)(
    '%s=0 means immediately',
    (name) => {
      const { settings, said } = read({ [name]: '0' });
      expect(settings[name]).toBe(0);
      expect(said).toEqual([]);
    },
  );

  test.each(['OTEL_BSP_MAX_QUEUE_SIZE', 'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'] as const)(
    '%s=0 would drop everything: a problem, and the default',
    (name) => {
      const { settings, said } = read({ [name]: '0' });
      expect(settings[name]).toBe(defaults[name]);
      expect(said).toHaveLength(1);
    },
  );
});

describe('a ratio', () => {
  test.each([
    ['0', 0],
    ['1.0', 1],
    ['.25', 0.25],
    ['0.1', 0.1],
  ])('%s is taken', (text, value) => {
    const { settings, said } = read({
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: text,
    });
    expect(settings.OTEL_TRACES_SAMPLER_ARG).toBe(value);
    expect(said).toEqual([]);
  });

  test.each(['1.1', '-0.1', '1e-1', '.', '0.1.2', 'half'])('%s is a problem', (text) => {
    const { settings, said } = read({
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: text,
    });
    expect(settings.OTEL_TRACES_SAMPLER_ARG).toBe(1);
    expect(said).toEqual([
      expect.stringContaining('is not a ratio; using the default (1); use a number from 0 to 1'),
    ]);
  });
});

test('readSettings() is fast for very long values', () => {
  const name = `OTEL_${'X'.repeat(100_000)}`;
  const started = performance.now();
  const { said } = read({ [name]: 'a', OTEL_TRACES_SAMPLER_ARG: `${'1'.repeat(100_000)}x` });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(said.join('\n')).not.toContain('did you mean');
});

describe('a choice (C4, C5)', () => {
  const choices = table.filter(
    ([, { form }]) => /^\w[\w/|]*\|/.test(form) && form !== 'true|false',
  );

  test('there are many', () => expect(choices.length).toBeGreaterThan(10));

  test.each(choices.flatMap(([name, { form }]) => form.split('|').map((value) => [name, value])))(
    '%s accepts %s in upper case and padded',
    (name = '', value = '') => {
      const loud = read({ [name]: ` ${value.toUpperCase()} ` });
      const plain = read({ [name]: value });
      expect(loud.settings).toEqual(plain.settings);
      expect(loud.said.length).toBe(plain.said.length);
    },
  );

  test.each(choices.map(([name]) => name))(
    '%s=nonsense is a problem that names the choices, and the default applies',
    (name) => {
      const { settings, said } = read({ [name]: 'nonsense' });
      expect(settings).toEqual(defaults);
      expect(said).toEqual([
        expect.stringMatching(`^${name}: "nonsense" is not a known value; .*; use .* or `),
      ]);
    },
  );

  test.each([
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'is not supported by the SDK for JavaScript'],
    ['OTEL_PROPAGATORS', 'jaeger', 'deprecated'],
    ['OTEL_METRICS_EXPORTER', 'tree', 'does not show metrics'],
  ])('%s=%s is refused with the reason', (name, value, reason) => {
    const { settings, said } = read({ [name]: value });
    expect(settings).toEqual(defaults);
    expect(said).toEqual([expect.stringContaining(reason)]);
  });
});

describe('a boolean (C6)', () => {
  test.each([
    ['true', true, 0],
    ['TRUE', true, 0],
    [' true ', true, 0],
    ['False', false, 0],
    ['1', false, 1],
    ['yes', false, 1],
    ['on', false, 1],
  ])('%j is %s with %s problems', (text, value, count) => {
    const { settings, said } = read({ OTEL_SDK_DISABLED: text });
    expect(settings.OTEL_SDK_DISABLED).toBe(value);
    expect(said).toHaveLength(count);
    if (count) expect(said[0]).toContain('is not a boolean; using false; use true or false');
  });
});

describe('a list (C13)', () => {
  test.each([
    ['none', [], 0],
    [' NONE ', [], 0],
    ['none,console', [], 1],
    ['console,none', [], 1],
    ['console,otlp', ['console', 'otlp'], 0],
    ['otlp, CONSOLE', ['otlp', 'console'], 0],
    ['otlp,otlp,', ['otlp'], 0],
    ['zipkin,otlp', ['otlp'], 1],
    [',', undefined, 1],
    ['zipkin', undefined, 1],
  ] as const)('OTEL_TRACES_EXPORTER=%s is %j with %s problems', (text, value, count) => {
    const { settings, said } = read({ OTEL_TRACES_EXPORTER: text });
    expect(settings.OTEL_TRACES_EXPORTER).toEqual(value);
    expect(said).toHaveLength(count);
  });

  test('contains exactly the exporters that exist', () => {
    const known = new Set(
      (['TRACES', 'METRICS', 'LOGS'] as const).flatMap((signal) =>
        Object.keys(exporters).filter(
          (name) => read({ [`OTEL_${signal}_EXPORTER`]: name }).said.length === 0,
        ),
      ),
    );
    expect([...known].sort()).toEqual(Object.keys(exporters).sort());
  });
});

describe('exporters', () => {
  const unset = { traces: ['tree'], metrics: [], logs: ['tree'] };
  const otlp = ['otlp'];

  test.each([
    [{}, unset],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' }, { traces: otlp, metrics: otlp, logs: otlp }],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://h/v1/metrics' }, { ...unset, metrics: otlp }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_LOGS_EXPORTER: 'none' },
      { traces: otlp, metrics: otlp, logs: [] },
    ],
    [{ OTEL_TRACES_EXPORTER: 'console' }, { ...unset, traces: ['console'] }],
  ])('the variables %j choose the exporters', (env, expected) => {
    const { exporters, said } = read(env as Record<string, string>);
    expect(exporters).toEqual(expected);
    expect(said).toEqual([]);
  });
});

describe('OTEL_RESOURCE_ATTRIBUTES (C10)', () => {
  test.each([
    ['a=b', { a: 'b' }],
    ['a=b, c = d ', { a: 'b', c: 'd' }],
    ['a=1%2C2%25,b=x=y', { a: '1,2%', b: 'x=y' }],
    ['a=', { a: '' }],
  ])('%s', (text, value) => {
    const { settings, said } = read({ OTEL_RESOURCE_ATTRIBUTES: text });
    expect(settings.OTEL_RESOURCE_ATTRIBUTES).toEqual(value);
    expect(said).toEqual([]);
  });

  test.each(['a', '=b', 'a=b,c', 'a=%zz', 'a=b,=d'])('%s is discarded as a whole', (text) => {
    const { settings, said } = read({ OTEL_RESOURCE_ATTRIBUTES: text });
    expect(settings.OTEL_RESOURCE_ATTRIBUTES).toEqual({});
    expect(said).toHaveLength(1);
  });
});

describe('headers (C10)', () => {
  const name = 'OTEL_EXPORTER_OTLP_HEADERS';

  test.each([
    ['a=b,C=d%20e', { a: 'b', C: 'd e' }],
    ['authorization=Basic%20eA==', { authorization: 'Basic eA==' }],
  ])('%s', (text, value) => {
    const { settings, said } = read({ [name]: text });
    expect(settings[name]).toEqual(value);
    expect(said).toEqual([]);
  });

  test.each(['hunter2', 'a=hunter2%zz', 'x y=hunter2', 'a=hunter2%0d%0ab', '=hunter2'])(
    'an invalid entry such as %s is ignored and never shown',
    (text) => {
      const { settings, said } = read({ [name]: `a=b,${text}` });
      expect(settings[name]).toEqual({ a: 'b' });
      expect(said).toEqual([
        `${name}: the value has 1 invalid entry of 2; ignoring those; ` +
          'use name=value,name=value (a comma in a value is %2C, a percent sign %25)',
      ]);
    },
  );

  test('headers of a signal are added to the general ones and override them', () => {
    const { otlp } = read({ [name]: 'a=1,b=2', OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'b=3' });
    expect(otlp.traces.headers).toEqual({ a: '1', b: '2' });
    expect(otlp.logs.headers).toEqual({ a: '1', b: '3' });
  });
});

describe('other names (C7, C12)', () => {
  test.each([
    ['OTEL_LOG_EXPORTER', 'did you mean OTEL_LOGS_EXPORTER?'],
    ['OTEL_SERVICENAME', 'did you mean OTEL_SERVICE_NAME?'],
    ['OTEL_EXPORTER_OTLP_TRACE_ENDPOINT', 'did you mean OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?'],
    ['OTEL_QQQ', 'check its name, or remove it'],
    ['OTEL_PYTHON_LOG_CORRELATION', 'remove it'],
  ])('%s: %s', (name, advice) => {
    const { said, settings } = read({ [name]: 'hunter2' });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      new RegExp(`^${name}: (unknown variable|only OpenTelemetry Python uses this variable); `),
    );
    expect(said[0]).toContain(advice);
    expect(said[0]).not.toContain('hunter2');
    expect(settings).toEqual(defaults);
  });

  test.each(['OTEL_DENO', 'OTEL_DENO_TRACING', 'HOSTNAME', 'OTELX'])('%s is not ours', (name) => {
    expect(read({ [name]: 'true' }).said).toEqual([]);
  });

  test.each([
    ['OTEL_PYTHON_EXCLUDED_URLS', 'OTEL_JS_EXCLUDED_URLS', 'healthz,^x', [/healthz/, /^x/]],
    ['OTEL_PYTHON_FLASK_EXCLUDED_URLS', 'OTEL_JS_EXCLUDED_URLS', 'a', [/a/]],
    [
      'OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED',
      'OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED',
      'true',
      true,
    ],
  ] as const)('%s is taken as %s', (python, ours, text, value) => {
    const { settings, said } = read({ [python]: text });
    expect(settings[ours]).toEqual(value);
    expect(said).toEqual([
      `${python}: this is the name in OpenTelemetry Python; using it as ${ours}; rename it to ${ours}`,
    ]);
    const both = read({ [python]: text, [ours]: 'false' });
    expect(both.settings[ours]).not.toEqual(value);
    expect(both.said).toEqual([
      `${python}: this is the name in OpenTelemetry Python; ignoring it, because ${ours} is also set; remove it`,
    ]);
  });

  test('OTEL_CONFIG_FILE is a reason not to start if the caller has not loaded the file', () => {
    const { problems, said } = read({ OTEL_CONFIG_FILE: 'otel.yaml' });
    expect(problems).toMatchObject([{ isFatal: true }]);
    expect(said).toEqual([
      'OTEL_CONFIG_FILE: "otel.yaml" was not loaded; call applyConfigFile() before readSettings()',
    ]);
  });
});

describe('OTEL_JS_EXCLUDED_URLS', () => {
  test('ignores invalid regular expressions', () => {
    const { settings, said } = read({ OTEL_JS_EXCLUDED_URLS: 'a.c,[' });
    expect(settings.OTEL_JS_EXCLUDED_URLS).toEqual([/a.c/]);
    expect(said).toEqual([expect.stringContaining('has 1 invalid entry of 2')]);
  });
});

describe('settings that do not fit each other', () => {
  test.each<[Record<string, string>, string]>([
    [
      { OTEL_TRACES_SAMPLER_ARG: '0.5' },
      '"0.5" has no effect on the sampler parentbased_always_on',
    ],
    [
      { OTEL_BSP_MAX_QUEUE_SIZE: '10' },
      'OTEL_BSP_MAX_QUEUE_SIZE: "10" limits batches to the queue of 10',
    ],
    [{ OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '99999' }, 'limits batches to the queue of 16384'],
  ])('%j', (env, words) => {
    const { said, problems } = read(env);
    expect(said).toEqual([expect.stringContaining(words)]);
    expect(problems[0]?.isFatal).toBe(false);
  });

  test.each([
    ['/nowhere/ca.pem', 'ENOENT'],
    [import.meta.dirname, 'EISDIR'],
  ])('the file %s is a reason not to start, where OTLP needs it: %s', (path, code) => {
    const file = { OTEL_EXPORTER_OTLP_CERTIFICATE: path };
    expect(read(file).said).toEqual([]);
    const { said, problems } = read({ ...file, OTEL_TRACES_EXPORTER: 'otlp' });
    expect(problems).toMatchObject([{ isFatal: true }]);
    expect(said[0]).toContain(`: "${path}" cannot be read (${code}); use the path`);
  });

  test.each(['', 'TRACES_'])(
    'an unknown OTEL_EXPORTER_OTLP_%sPROTOCOL is ignored, even if OTLP is used (C5)',
    (signal) => {
      const name = `OTEL_EXPORTER_OTLP_${signal}PROTOCOL`;
      const { problems, otlp } = read({ [name]: 'nonsense', OTEL_TRACES_EXPORTER: 'otlp' });
      expect(problems).toMatchObject([
        { variable: name, problem: '"nonsense" is not a known value', isFatal: false },
      ]);
      expect(otlp.traces.protocol).toBe('http/protobuf');
    },
  );
});

describe('the source of a value', () => {
  test('a flag beats a variable, and a variable beats the file, even if it is empty', () => {
    const { settings, written } = readSettings({
      flag: { OTEL_SERVICE_NAME: 'flag' },
      variable: { OTEL_SERVICE_NAME: 'variable', PORT: '1', HOST: '' },
      '.env': { OTEL_SERVICE_NAME: 'file', PORT: '2', HOST: '::1', DATABASE_URL: ':memory:' },
    });
    expect(settings).toMatchObject<Partial<Settings>>({
      OTEL_SERVICE_NAME: 'flag',
      PORT: 1,
      HOST: '127.0.0.1',
      DATABASE_URL: ':memory:',
    });
    expect(Object.fromEntries(written)).toEqual({
      OTEL_SERVICE_NAME: { name: 'OTEL_SERVICE_NAME', origin: 'flag', text: 'flag' },
      PORT: { name: 'PORT', origin: 'variable', text: '1' },
      DATABASE_URL: { name: 'DATABASE_URL', origin: '.env', text: ':memory:' },
    });
  });

  test('a problem names the flag, the variable or the file that has the value', () => {
    const invalid = { OTEL_BSP_SCHEDULE_DELAY: '5s' };
    const rest =
      '"5s" is not a whole number; using the default (5000); use milliseconds, from 0 to';
    const lines = (['flag', 'variable', '.env'] as const).flatMap((origin) =>
      readSettings({ [origin]: invalid }).problems.map(describeProblem),
    );
    expect(lines).toEqual([
      expect.stringContaining(`--bsp_schedule_delay: ${rest}`),
      expect.stringContaining(`OTEL_BSP_SCHEDULE_DELAY: ${rest}`),
      expect.stringContaining(`OTEL_BSP_SCHEDULE_DELAY in .env: ${rest}`),
    ]);
    const [fatal] = readSettings({ flag: { PORT: 'abc' } }).problems.map(describeProblem);
    expect(fatal).toBe('--port: "abc" is not a port; use a whole number from 0 to 65535');
  });

  test('a problem with an alias names the alias', () => {
    const { said } = read({ OTEL_PYTHON_EXCLUDED_URLS: '[' });
    expect(said[0]).toContain('OTEL_PYTHON_EXCLUDED_URLS: "[" has 1 invalid entry of 1');
  });
});
