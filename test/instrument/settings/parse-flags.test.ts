import { describe, expect, test } from 'vitest';
import { parseWrapperFlags } from '../../../packages/opentelemetry-instrument/src/settings/parse-flags.ts';
import { parseFlags, variables } from '../../support/settings.ts';

describe('parseFlags()', () => {
  test.each([
    [['--traces_exporter', 'console'], { OTEL_TRACES_EXPORTER: 'console' }],
    [['--traces-exporter=console'], { OTEL_TRACES_EXPORTER: 'console' }],
    [['--exporter_otlp_headers', 'a=b,c=d'], { OTEL_EXPORTER_OTLP_HEADERS: 'a=b,c=d' }],
    [['--exporter_otlp_headers=a=b'], { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }],
    [['--js_excluded_urls', 'a'], { OTEL_JS_EXCLUDED_URLS: 'a' }],
    [['-p', '8080', '--host=::1'], { PORT: '8080', HOST: '::1' }],
    [['-p8080'], { PORT: '8080' }],
    [['--demo'], { DEMO: 'true' }],
    [['--demo', '-p', '1'], { DEMO: 'true', PORT: '1' }],
    [['--demo', 'false', '--sdk-disabled'], { DEMO: 'false', OTEL_SDK_DISABLED: 'true' }],
    [['--demo=false'], { DEMO: 'false' }],
    [['--database', ':memory:'], { DATABASE_URL: ':memory:' }],
    [['--jaeger', 'http://h'], { JAEGER_UI_URL: 'http://h' }],
    [['--service_name', 'a', '--service_name', 'b'], { OTEL_SERVICE_NAME: 'b' }],
    [
      ['--otlp'],
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' },
    ],
    [[], {}],
  ])('reads %j', (argv, expected) => {
    expect(parseFlags(argv)).toEqual({
      command: 'start',
      help: false,
      variables: expected,
      json: false,
    });
  });

  test.each(Object.keys(variables).filter((name) => name.startsWith('OTEL_')))(
    'accepts %s as a flag, with underscores and with hyphens',
    (name) => {
      const flag = `--${name.slice('OTEL_'.length).toLowerCase()}`;
      expect(parseFlags([flag, 'x']).variables).toEqual({ [name]: 'x' });
      expect(parseFlags([flag.replaceAll('_', '-'), 'x']).variables).toEqual({ [name]: 'x' });
    },
  );

  test.each([
    [['--version'], 'version'],
    [['doctor'], 'doctor'],
    [['--otlp', 'doctor'], 'doctor'],
  ])('parses %j as the command %s', (argv, command) => {
    expect(parseFlags(argv)).toMatchObject({ command, help: false });
  });

  test.each([
    [['-p', '1', '--help'], 'start'],
    [['-h', '--json'], 'start'],
    [['doctor', '--help'], 'doctor'],
    [['--help', 'doctor', '--json'], 'doctor'],
    // A value, not the command.
    [['--service_name', 'doctor', '--help'], 'start'],
    [['--version', '--help'], 'version'],
  ])('parses %j as a request for the help of %s', (argv, command) => {
    expect(parseFlags(argv)).toMatchObject({ command, help: true });
  });

  test("accepts the doctor's flags under the names of the app", () => {
    expect(parseFlags(['doctor', '--json', '--otlp', '--jaeger=http://h'])).toMatchObject({
      command: 'doctor',
      json: true,
      variables: { OTEL_TRACES_EXPORTER: 'otlp', JAEGER_UI_URL: 'http://h' },
    });
  });

  test.each([
    ['--trace_exporter', 'did you mean --traces_exporter?'],
    ['--prot', 'did you mean --port?'],
    ['--service-nam', 'did you mean --service_name?'],
    ['--portt=1', 'did you mean --port?'],
    ['--databse', 'did you mean --database?'],
    ['--hlep', 'did you mean --help?'],
    ['--xylophone', '--help lists all flags'],
    ['-x', '--help lists all flags'],
    ['--', '--help lists all flags'],
  ])('refuses %s: %s', (flag, advice) => {
    expect(() => parseFlags([flag])).toThrow(`${flag.split('=')[0]}: unknown flag; ${advice}`);
  });

  test.each(['console', 'tasks.db', 'docter', ''])('refuses the word %j', (word) => {
    expect(() => parseFlags([word])).toThrow(
      `${JSON.stringify(word)}: unknown command; use doctor`,
    );
  });

  test.each([
    [['--host'], '--host: the value is missing; add its value: <address>'],
    [['-p'], '-p: the value is missing; add its value: <number>'],
    [['--port', '--otlp'], '--port: the value is missing; add its value: <number>'],
    [
      ['--traces_exporter', '-p', '1'],
      '--traces_exporter: the value is missing; add its value: list of tree',
    ],
    [['--otlp=console'], '--otlp: this flag takes no value; remove the value'],
    [['--help=me'], '--help: this flag takes no value; remove the value'],
    [['--json', '-p', '1'], '--json: only the doctor prints JSON; use doctor --json'],
  ])('refuses %j', (argv, sentence) => {
    expect(() => parseFlags(argv)).toThrow(sentence);
  });

  test('accepts an empty value, which is unset, and one that begins with a dash', () => {
    expect(parseFlags(['--host=']).variables).toEqual({ HOST: '' });
    expect(parseFlags(['--port', '-1']).variables).toEqual({ PORT: '-1' });
    expect(parseFlags(['--service_name=--odd']).variables).toEqual({ OTEL_SERVICE_NAME: '--odd' });
  });
});

test('parseWrapperFlags() ends at the first word, which is another program with its own flags', () => {
  const argv = ['--sdk_disabled', 'node', '--import', 'x', '--json', 'doctor'];
  expect(parseWrapperFlags(['--verbose', '--otlp', ...argv], variables)).toMatchObject({
    command: 'start',
    json: false,
    verbose: true,
    variables: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'true' },
    program: argv.slice(1),
  });
  expect(parseWrapperFlags(['--sdk_disabled', 'FALSE', 'node'], variables)).toMatchObject({
    variables: { OTEL_SDK_DISABLED: 'FALSE' },
    program: ['node'],
  });
});
