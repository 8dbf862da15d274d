import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root, type SpawnOptions } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { runApp, spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

/** A copy of the program, whose users put a `.env` file beside it. */
function copyProgram(name: string): SpawnOptions & { readonly cwd: string } {
  const cwd = join(temporary.path, name);
  mkdirSync(cwd);
  for (const part of ['src', 'exporters', 'runtimes', 'package.json', 'deno.json', 'bunfig.toml']) {
    cpSync(join(root, part), join(cwd, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
  return { cwd, entry: 'src/index.ts' };
}

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startOtlpSink();
  return () => sink.close();
});

test('a .env file sets what neither the environment nor a flag does', async () => {
  const program = copyProgram('whole');
  // As some editors save it, with a byte order mark and the line ends of Windows.
  const lines = [
    'OTEL_SERVICE_NAME="from the file" # not this',
    '# OTEL_TRACES_EXPORTER=none',
    `export OTEL_EXPORTER_OTLP_ENDPOINT='${sink.url}'`,
    '',
    '  OTEL_PROPAGATORS = none   # no caller',
    'OTEL_EXPORTER_OTLP_HEADERS="x-one=1,',
    'x-two=$HOME%20%24HOME"',
    'OTEL_RESOURCE_ATTRIBUTES=a=b#c',
    'OTEL_SEMCONV_STABILITY_OPT_IN=`http/dup`',
    "OTEL_LOG_EXPORTER='console'",
    'OTEL_METRICS_EXPORTER=console',
    'OTEL_LOGS_EXPORTER=none',
    'HOST=',
    'no assignment',
  ];
  writeFileSync(join(program.cwd, '.env'), `\ufeff${lines.join('\r\n')}`);
  await using app = await spawnApp({
    ...program,
    env: { OTEL_METRICS_EXPORTER: 'otlp', OTEL_SEMCONV_STABILITY_OPT_IN: '' },
    args: ['--metrics_exporter', 'none'],
  });
  const traceparent = `00-${'a'.repeat(32)}-00f067aa0ba902b7-01`;
  await fetch(app.url, { headers: { traceparent } });
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    'OTEL_LOG_EXPORTER is set, which nothing reads: did you mean OTEL_LOGS_EXPORTER?',
    expect.stringMatching(/^To-Do List/),
    `Traces to OTLP ${sink.url}/v1/traces; metrics to nowhere; logs to nowhere`,
  ]);
  const span = sink.spans.find(({ kind }) => kind === 2);
  expect(span?.resource).toMatchObject({ 'service.name': 'from the file', a: 'b' });
  expect(span?.parentSpanId).toBe('');
  // An empty variable hides what the file says.
  expect(Object.keys(span?.attributes ?? {})).not.toContain('http.url');
  expect(sink.requests[0]?.headers).toMatchObject({
    'x-one': '1',
    // Nothing is put in place of variables.
    'x-two': '$HOME $HOME',
  });
});

test.each<[name: string, reason: RegExp, make: (path: string) => void]>([
  // Whoever runs the tests may be root, who can read every file there is.
  ['a link to itself', /cannot be read \(ELOOP\)/, (path) => symlinkSync(path, path)],
  // As PowerShell writes it.
  [
    'text in UTF-16',
    /is not valid UTF-8: save it as UTF-8/,
    (path) => writeFileSync(path, '\ufeffPORT=8080\r\n', 'utf16le'),
  ],
])('a .env file that is %s ends the program with 2', async (name, reason, make) => {
  const program = copyProgram(name);
  make(join(program.cwd, '.env'));
  const { code, stdout, stderr } = await runApp(program);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^The file \.env [^\n]+\.\n$/);
  expect(stderr).toMatch(reason);
});

test('a folder .env, which is an environment of Python, is no such file', async () => {
  const program = copyProgram('folder');
  mkdirSync(join(program.cwd, '.env'));
  await using app = await spawnApp(program);
  expect(app.stderr).toMatch(/^To-Do List/);
});
