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
  )('%s=%s is one problem with both, and the default counts', (name = '', text = '') => {
    const { settings, said, problems } = read({ [name]: text });
    expect(settings).toEqual(defaults);
    expect(said).toEqual([expect.stringMatching(`^${name} is "${text}", which .*: write a whole`)]);
    expect(problems[0]?.isFatal).toBe(name === 'PORT');
  });

  test.each([
    'OTEL_BSP_EXPORT_TIMEOUT',
    'OTEL_BLRP_EXPORT_TIMEOUT',
    'OTEL_METRIC_EXPORT_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_EXPORTER_OTLP_LOGS_TIMEOUT',
  ] as const)('%s=0 is no limit', (name) => {
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
      `${name} is "10", which is 10 milliseconds: write 10000 if you mean seconds, or at least 1000.`,
    ]);
    expect(read({ [name]: '1000' }).said).toEqual([]);
  });

  test.each(['OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BLRP_SCHEDULE_DELAY'] as const)(
    '%s=0 is at once',
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
    expect(said).toEqual([expect.stringContaining('write a number from 0 to 1')]);
  });
});

test('readSettings() takes no time for what is very long', () => {
  const name = `OTEL_${'X'.repeat(100_000)}`;
  const started = performance.now();
  const { said } = read({ [name]: 'a', OTEL_TRACES_SAMPLER_ARG: `${'1'.repeat(100_000)}x` });
  expect(performance.now() - started).toBeLessThan(200);
  expect(said.join('\n')).not.toContain('did you mean');
});

describe('a choice (C4, C5)', () => {
  const choices = table.filter(
    ([, { form }]) => /^\w[\w/|]*\|/.test(form) && form !== 'true|false',
  );

  test('there are many', () => expect(choices.length).toBeGreaterThan(10));

  test.each(choices.flatMap(([name, { form }]) => form.split('|').map((value) => [name, value])))(
    '%s takes %s in upper case and padded',
    (name = '', value = '') => {
      const loud = read({ [name]: ` ${value.toUpperCase()} ` });
      const plain = read({ [name]: value });
      expect(loud.settings).toEqual(plain.settings);
      expect(loud.said.length).toBe(plain.said.length);
    },
  );

  test.each(choices.map(([name]) => name).filter((name) => !/EXEMPLAR/.test(name)))(
    '%s=nonsense is a problem that names what there is, and the default counts',
    (name) => {
      const { settings, said } = read({ [name]: 'nonsense' });
      expect(settings).toEqual(defaults);
      expect(said).toEqual([expect.stringMatching(`^${name} is "nonsense", .*: write .* or `)]);
    },
  );

  test.each([
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'no remote sampler'],
    ['OTEL_PROPAGATORS', 'jaeger', 'deprecated'],
    ['OTEL_METRICS_EXPORTER', 'tree', 'shows no metrics'],
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
    if (count) expect(said[0]).toContain('which counts as false: write true or false.');
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

  test('has every exporter that there is, and no other', () => {
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
  ])('by %j', (env, expected) => {
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
    'an entry like %s is left out, and never shown',
    (text) => {
      const { settings, said } = read({ [name]: `a=b,${text}` });
      expect(settings[name]).toEqual({ a: 'b' });
      expect(said).toEqual([
        `${name} is set, of which 1 of 2 entries cannot be read and are left out: ` +
          'write name=value,name=value, with a comma in a value as %2C and % as %25.',
      ]);
    },
  );

  test("a signal's own stand beside those of all, and win", () => {
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
    ['OTEL_QQQ', 'docs/settings.md lists what is read.'],
    ['OTEL_PYTHON_LOG_CORRELATION', 'leave it out.'],
  ])('%s: %s', (name, advice) => {
    const { said, settings } = read({ [name]: 'hunter2' });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^${name} is set, which (nothing|only Python) reads: `));
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
    expect(said).toEqual([`${python} is set, which is taken as ${ours}: write ${ours}.`]);
    const both = read({ [python]: text, [ours]: 'false' });
    expect(both.settings[ours]).not.toEqual(value);
    expect(both.said).toEqual([
      `${python} is set, which is ignored, as ${ours} is set, too: write ${ours}.`,
    ]);
  });

  test('OTEL_CONFIG_FILE is a reason not to start', () => {
    const { problems, said } = read({ OTEL_CONFIG_FILE: 'otel.yaml' });
    expect(problems).toMatchObject([{ isFatal: true }]);
    expect(said[0]).toContain('configuration files are not supported');
  });
});

describe('OTEL_JS_EXCLUDED_URLS', () => {
  test('leaves out what is no regular expression', () => {
    const { settings, said } = read({ OTEL_JS_EXCLUDED_URLS: 'a.c,[' });
    expect(settings.OTEL_JS_EXCLUDED_URLS).toEqual([/a.c/]);
    expect(said).toEqual([expect.stringContaining('of which 1 is no regular expression')]);
  });
});

describe('settings that do not fit each other', () => {
  test.each<[Record<string, string>, string]>([
    [{ OTEL_TRACES_SAMPLER_ARG: '0.5' }, 'no effect on the sampler parentbased_always_on'],
    [
      { OTEL_BSP_MAX_QUEUE_SIZE: '10' },
      'OTEL_BSP_MAX_QUEUE_SIZE is "10", which leaves batches of 10',
    ],
    [{ OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '99999' }, 'which leaves batches of 16384'],
    [{ OTEL_METRICS_EXEMPLAR_FILTER: 'trace_based' }, 'has no effect'],
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
    expect(said[0]).toContain(`is "${path}", which cannot be read (${code})`);
  });

  test.each(['', 'TRACES_'])(
    'an unknown OTEL_EXPORTER_OTLP_%sPROTOCOL is ignored where OTLP is used, too (C5)',
    (signal) => {
      const name = `OTEL_EXPORTER_OTLP_${signal}PROTOCOL`;
      const { problems, otlp } = read({ [name]: 'nonsense', OTEL_TRACES_EXPORTER: 'otlp' });
      expect(problems).toMatchObject([{ variable: name, written: 'nonsense', isFatal: false }]);
      expect(otlp.traces.protocol).toBe('http/protobuf');
    },
  );
});

describe('where a value comes from', () => {
  test('a flag beats a variable, a variable beats the file, and an empty one hides it', () => {
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
      OTEL_SERVICE_NAME: { origin: 'flag', text: 'flag' },
      PORT: { origin: 'variable', text: '1' },
      DATABASE_URL: { origin: '.env', text: ':memory:' },
    });
  });
});
