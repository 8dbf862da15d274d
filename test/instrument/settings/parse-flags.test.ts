import { describe, expect, test } from 'vitest';
import { helpText } from '../../../src/help-text.ts';
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
    expect(parseFlags(argv)).toEqual({ command: 'start', variables: expected, json: false });
  });

  test.each(Object.keys(variables).filter((name) => name.startsWith('OTEL_')))(
    'knows %s as a flag, with underscores and with hyphens',
    (name) => {
      const flag = `--${name.slice('OTEL_'.length).toLowerCase()}`;
      expect(parseFlags([flag, 'x']).variables).toEqual({ [name]: 'x' });
      expect(parseFlags([flag.replaceAll('_', '-'), 'x']).variables).toEqual({ [name]: 'x' });
    },
  );

  test.each([
    [['-p', '1', '--help'], 'help'],
    [['-p', '1', '-h'], 'help'],
    [['--version'], 'version'],
    [['doctor'], 'doctor'],
    [['--otlp', 'doctor'], 'doctor'],
    [['doctor', '--help'], 'help'],
  ])('takes %j as the command %s', (argv, command) => {
    expect(parseFlags(argv).command).toBe(command);
  });

  test('takes what the doctor is told, in the words of the app', () => {
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
    ['--xylophone', '--help lists them.'],
    ['-x', '--help lists them.'],
    ['--', '--help lists them.'],
  ])('refuses %s: %s', (flag, advice) => {
    expect(() => parseFlags([flag])).toThrow(`Unknown flag ${flag.split('=')[0]}: ${advice}`);
  });

  test.each(['console', 'tasks.db', 'docter', ''])('refuses the word %j', (word) => {
    expect(() => parseFlags([word])).toThrow(
      `Unknown command ${JSON.stringify(word)}: the only one`,
    );
  });

  test.each([
    [['--host'], '--host needs a value: --host <address>.'],
    [['-p'], '-p needs a value: -p <number>.'],
    [['--port', '--otlp'], '--port needs a value: --port <number>.'],
    [['--traces_exporter', '-p', '1'], '--traces_exporter needs a value'],
    [['--otlp=console'], '--otlp takes no value: leave it out.'],
    [['--help=me'], '--help takes no value: leave it out.'],
    [['--json', '-p', '1'], '--json is for the doctor: write doctor --json'],
  ])('refuses %j', (argv, sentence) => {
    expect(() => parseFlags(argv)).toThrow(sentence);
  });

  test('takes an empty value, which is unset, and one that begins with a dash', () => {
    expect(parseFlags(['--host=']).variables).toEqual({ HOST: '' });
    expect(parseFlags(['--port', '-1']).variables).toEqual({ PORT: '-1' });
    expect(parseFlags(['--service_name=--odd']).variables).toEqual({ OTEL_SERVICE_NAME: '--odd' });
  });
});

test('helpText() lists every flag of the program, in 80 columns', () => {
  const text = helpText('1.2.3');
  for (const flag of [
    '-p, --port',
    '--host',
    '--database',
    '--otlp',
    '--help',
    '--version',
    'doctor',
  ]) {
    expect(text).toContain(flag);
  }
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
