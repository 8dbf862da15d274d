import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root, type SpawnOptions } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { runApp, spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

/** Copies the program to a folder in which users create a `.env` file. */
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

test('a .env file sets variables that neither the environment nor a flag sets', async () => {
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
  expect(stderr.split('\n').slice(0, 4)).toEqual([
    '.env, line 14: the line is not an assignment; it is ignored; use NAME=value',
    'OTEL_LOG_EXPORTER in .env: unknown variable; did you mean OTEL_LOGS_EXPORTER?',
    expect.stringMatching(/^To-Do List/),
    `Traces to OTLP ${sink.url}/v1/traces; metrics off; logs off`,
  ]);
  const span = sink.spans.find(({ kind }) => kind === 2);
  expect(span?.resource).toMatchObject({ 'service.name': 'from the file', a: 'b' });
  expect(span?.parentSpanId).toBe('');
  // An empty variable overrides the file.
  expect(Object.keys(span?.attributes ?? {})).not.toContain('http.url');
  expect(sink.requests[0]?.headers).toMatchObject({
    'x-one': '1',
    // Variables are not expanded.
    'x-two': '$HOME $HOME',
  });
});

test.each<[name: string, reason: RegExp, make: (path: string) => void]>([
  // root can read every file.
  ['a link to itself', /cannot be read \(ELOOP\)/, (path) => symlinkSync(path, path)],
  // As PowerShell writes it.
  [
    'text in UTF-16',
    /is not valid UTF-8; save it as UTF-8/,
    (path) => writeFileSync(path, '\ufeffPORT=8080\r\n', 'utf16le'),
  ],
])('a .env file that is %s ends the program with 2', async (name, reason, make) => {
  const program = copyProgram(name);
  make(join(program.cwd, '.env'));
  const { code, stdout, stderr } = await runApp(program);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^\.env: the file [^\n]+\n$/);
  expect(stderr).toMatch(reason);
});

test('a folder .env, which is an environment of Python, is ignored', async () => {
  const program = copyProgram('folder');
  mkdirSync(join(program.cwd, '.env'));
  await using app = await spawnApp(program);
  expect(app.stderr).toMatch(/^To-Do List/);
});
