import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { root } from '../../support/app-command.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { waitUntil } from '../../support/wait-until.ts';

const BIN = fileURLToPath(
  new URL('../../../packages/opentelemetry-instrument/src/bin.ts', import.meta.url),
);
const ONE_SHOT = fileURLToPath(new URL('programs/one-shot.ts', import.meta.url));
const APPS = {
  'a bare Hono app with one line of the kit': 'programs/hono-app.ts',
  'an Express app with API-only instrumentation': 'programs/express-app.mjs',
};
const OTHER_COPY = fileURLToPath(new URL('programs/other-copy.mjs', import.meta.url));
const WORKER = fileURLToPath(new URL('programs/worker.mjs', import.meta.url));
const isDeno = process.versions.deno !== undefined;
/** The arguments of this runtime that run a program. */
const RUN = isDeno ? ['run', '-A'] : [];

/** Two processes start, perhaps on a busy machine. Below the timeout of a test, for its message. */
const START_TIMEOUT_MS = 28_000;

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Starts the command on this runtime. */
function start(args: readonly string[], { env = {}, input = '', cwd = root }: Options = {}) {
  const child = spawn(process.execPath, [...RUN, BIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (text) => {
      output[name] += text;
    });
  }
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }));
  return { child, output, ended };
}

/** Runs the one-shot script on this runtime by the command, with its telemetry sent to `url`. */
function runScript(url: string, args: readonly string[] = [], options: Options = {}) {
  const flags = ['--exporter_otlp_endpoint', url, '--otlp', '--metrics_exporter', 'none'];
  return start([...flags, process.execPath, ...RUN, ONE_SHOT, ...args], options).ended;
}

test('a script that ends by itself has its span exported, and keeps its exit code', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url);
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test.each(['crash', 'reject'])('a script that ends by a %s has its span exported', async (mode) => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url, [mode]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/[Ee]rror.*: out of milk\n/);
  // The runtime shows the exception and its place, and telemetry does not repeat it.
  expect(stderr.match(/: out of milk\n/g)).toHaveLength(1);
  expect(stderr).toContain('one-shot.ts');
  // As the published module is one line, its source would hide the exception.
  expect(stderr).not.toContain('opentelemetry-instrument');
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
  expect(sink.logs).toMatchObject([
    {
      severityText: 'FATAL',
      body: 'out of milk',
      attributes: {
        'exception.type': 'Error',
        'exception.message': 'out of milk',
        'exception.stacktrace': expect.stringContaining('one-shot.ts'),
      },
    },
  ]);
});

test('a script that throws a string has it shown once', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url, ['throw-text']);
  expect(code).toBe(1);
  expect(stderr.match(/out of milk/g)).toHaveLength(1);
  expect(sink.logs).toMatchObject([{ body: expect.stringContaining('out of milk') }]);
});

test('a program that handles its uncaught exceptions decides on its end', async () => {
  await using sink = await startOtlpSink();
  const { code } = await runScript(sink.url, ['handled']);
  expect(code).toBe(9);
});

test('a program without a span is reported once', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url, ['quiet']);
  expect(code).toBe(0);
  expect(stderr).toBe(
    'opentelemetry-instrument: the program created no span; add instrumentation, such as app.use(traceHttp()) of hono-opentelemetry\n',
  );
});

test('a program that fails before its first span is not reported', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url, ['fail']);
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
});

test('a program that registers its own SDK keeps it, and ours steps back', async () => {
  await using sink = await startOtlpSink();
  const { code, stdout, stderr } = await runScript(sink.url, ['own-sdk']);
  expect({ code, stdout }).toEqual({ code: 3, stdout: 'buy bread' });
  expect(stderr).toBe(
    'opentelemetry-instrument: the program registers its own OpenTelemetry SDK; ours is off\n',
  );
  expect(sink.spans).toEqual([]);
});

/** Creates a folder with a program and a copy of the API of another version. */
function createOtherCopy(version: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'other-copy-')));
  const api = join(folder, 'node_modules/@opentelemetry/api');
  if (version === '1.10.0') {
    cpSync(join(root, 'node_modules/opentelemetry-api-1.10'), api, { recursive: true });
  } else {
    cpSync(join(root, 'node_modules/@opentelemetry/api'), api, { recursive: true });
    const modules = globSync('build/*/version.js', { cwd: api });
    for (const file of ['package.json', ...modules].map((path) => join(api, path))) {
      const text = readFileSync(file, 'utf8');
      rmSync(file);
      writeFileSync(file, text.replace(/1\.9\.\d+/, version));
    }
  }
  cpSync(OTHER_COPY, join(folder, 'program.mjs'));
  // Deno resolves npm packages only for a program with a manifest.
  const dependencies = { '@opentelemetry/api': version };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  return folder;
}

test.each(['1.9.0', '1.10.0'])(
  'a program with a copy of the API in version %s is recorded, and its own SDK is noticed',
  async (version) => {
    await using sink = await startOtlpSink();
    const folder = createOtherCopy(version);
    const flags = ['--exporter_otlp_endpoint', sink.url, '--otlp', '--metrics_exporter', 'none'];
    const run = (...args: string[]) =>
      start([...flags, process.execPath, ...RUN, 'program.mjs', ...args], { cwd: folder }).ended;

    const plain = await run();
    expect(plain.stderr).not.toContain('opentelemetry-instrument');
    expect(plain.stdout).toBe(JSON.stringify({ isRegistered: false, own: [] }));
    expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk', 'buy bread']);
    // Version 1.10 has logs.
    const hasLogs = version === '1.10.0';
    expect(sink.logs.map(({ body }) => body)).toEqual(hasLogs ? ['out of milk'] : []);

    const { stdout, stderr } = await run('sdk');
    expect(stdout).toBe(JSON.stringify({ isRegistered: true, own: ['buy bread'] }));
    expect(stderr).toContain(
      'opentelemetry-instrument: the program registers its own OpenTelemetry SDK; ours is off\n',
    );
    rmSync(folder, { recursive: true });
  },
);

test('a program whose version of the API is unknown is recorded', async () => {
  await using sink = await startOtlpSink();
  const folder = createOtherCopy('1.10.0');
  const api = join(folder, 'node_modules/@opentelemetry/api');
  // As in a bundle.
  cpSync(api, join(folder, 'api'), { recursive: true });
  rmSync(api, { recursive: true });
  const program = readFileSync(OTHER_COPY, 'utf8');
  const bundled = program.replace('@opentelemetry/api', './api/dist/index.mjs');
  writeFileSync(join(folder, 'program.mjs'), bundled);
  const flags = ['--exporter_otlp_endpoint', sink.url, '--otlp', '--metrics_exporter', 'none'];
  const { stderr } = await start([...flags, process.execPath, ...RUN, 'program.mjs'], {
    cwd: folder,
  }).ended;
  expect(stderr).not.toContain('opentelemetry-instrument');
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk', 'buy bread']);
  rmSync(folder, { recursive: true });
});

test('a program that calls startTelemetry() keeps its SDK, and ours steps back', async () => {
  await using sink = await startOtlpSink();
  const { stderr } = await runScript(sink.url, ['start-telemetry']);
  expect(stderr).toBe(
    'opentelemetry-instrument: the program registers its own OpenTelemetry SDK; ours is off\n',
  );
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('the preload module reports that Deno exports its own telemetry', async ({ skip }) => {
  skip(!isDeno, 'only Deno has its own telemetry');
  await using sink = await startOtlpSink();
  const { code, stderr } = await runScript(sink.url, [], { env: { OTEL_DENO: 'true' } });
  expect(code).toBe(3);
  expect(stderr).toContain('Deno exports its own telemetry (OTEL_DENO); ours is off\n');
});

test('the preload module does nothing when it is preloaded a second time', async () => {
  await using sink = await startOtlpSink();
  const register = new URL(
    '../../../packages/opentelemetry-instrument/src/register.ts',
    import.meta.url,
  ).href;
  const preload = [
    process.versions.node && !isDeno && !process.versions.bun ? '--import' : '--preload',
  ];
  const again = [...preload, process.versions.bun ? fileURLToPath(register) : register];
  const flags = ['--exporter_otlp_endpoint', sink.url, '--otlp', process.execPath];
  const { code, stderr } = await start([...flags, ...RUN, ...again, ONE_SHOT]).ended;
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('arguments with spaces and quotes, and the input, reach the program unchanged', async () => {
  await using sink = await startOtlpSink();
  const args = ['a b', `"c" 'd'`, '', '--otlp', '$HOME'];
  const { code, stdout } = await runScript(sink.url, ['echo', ...args], { input: 'milk\n' });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual({ args, input: 'milk\n' });
});

test.each(Object.entries(APPS))('%s has its requests traced', async (_, app) => {
  await using sink = await startOtlpSink();
  const flags = ['--exporter_otlp_endpoint', sink.url, '--service_name', 'shop'];
  const { child, output, ended } = start([
    ...flags,
    process.execPath,
    ...RUN,
    fileURLToPath(new URL(app, import.meta.url)),
  ]);
  try {
    await waitUntil(
      () => output.stdout.includes('\n'),
      START_TIMEOUT_MS,
      () => output.stderr,
    );
    const response = await fetch(`http://127.0.0.1:${output.stdout.trim()}/tasks/1`);
    expect(await response.text()).toBe('milk');
    // Deno reports a signal that child.kill() has sent as the end, whatever the end was.
    if (child.pid !== undefined) process.kill(child.pid, 'SIGTERM');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(sink.spans.map(({ name }) => name)).toContain('GET /tasks/:id');
    expect(new Set(sink.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(sink.spans[0]?.resource['service.name']).toBe('shop');
  } finally {
    child.kill('SIGKILL');
  }
});

test.each(Object.entries(APPS))(
  'the doctor checks the flags of a command for %s, which it does not run',
  async (_, app) => {
    await using sink = await startOtlpSink();
    const flags = ['--otlp', '--exporter_otlp_endpoint', sink.url, '--service_name', 'shop'];
    const path = fileURLToPath(new URL(app, import.meta.url));
    const command = [...flags, '--json', process.execPath, ...RUN, path];
    const { code, stdout, stderr } = await start(['doctor', ...command]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ arrives: true });
    const [span] = sink.spans;
    expect(span?.resource['service.name']).toBe('shop');
  },
);

test('a mistake in a flag is reported once, by the name of the flag', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await start([
    '--bsp_schedule_delay=5s',
    '--exporter_otlp_endpoint',
    sink.url,
    process.execPath,
    ...RUN,
    ONE_SHOT,
  ]).ended;
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr:
      '--bsp_schedule_delay: "5s" is not a whole number; using the default (5000); use milliseconds, from 0 to 2147483647\n',
  });
});

test('a configuration file decides on the telemetry of a program', async () => {
  await using sink = await startOtlpSink();
  const folder = mkdtempSync(join(tmpdir(), 'instrument-'));
  try {
    const file = join(folder, 'otel.yaml');
    writeFileSync(
      file,
      `file_format: "1.1"
resource: { attributes: [ { name: service.name, value: shop } ] }
tracer_provider:
  processors:
    - batch: { exporter: { otlp_http: { endpoint: "\${COLLECTOR}/v1/traces" } } }
`,
    );
    const { code, stderr } = await start(
      ['--config_file', file, '--service_name', 'other', process.execPath, ...RUN, ONE_SHOT],
      { env: { COLLECTOR: sink.url } },
    ).ended;
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr:
        'OTEL_CONFIG_FILE: the file replaces all other OTEL_* variables; ignoring OTEL_SERVICE_NAME; remove them, or use ${OTEL_SERVICE_NAME} in the file\n',
    });
    expect(sink.spans.map(({ resource }) => resource['service.name'])).toEqual(['shop']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('fetch() creates spans by setting, with the kit of the program', async () => {
  await using sink = await startOtlpSink();
  const flags = ['--js_fetch_auto_instrumentation_enabled=true'];
  const run = (...args: string[]) =>
    start([
      ...flags,
      '--exporter_otlp_endpoint',
      sink.url,
      '--otlp',
      process.execPath,
      ...RUN,
      ...args,
    ]);
  const { stderr } = await run(ONE_SHOT, 'fetch').ended;
  expect(stderr).toBe('');
  const clients = sink.spans.filter(({ kind }) => kind === 3);
  expect(clients.map(({ name }) => name)).toEqual(['GET', 'GET']);

  const folder = createOtherCopy('1.9.0');
  const { code, stderr: message } = await run(join(folder, 'program.mjs')).ended;
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
  expect(message).toMatch(
    /^fetch\(\) creates no spans: hono-opentelemetry\/fetch cannot be loaded \(.+\); install hono-op/,
  );
});

test('a worker thread gets no SDK, so that the process is not counted twice', async () => {
  await using sink = await startOtlpSink();
  const flags = ['--exporter_otlp_endpoint', sink.url, process.execPath, ...RUN, WORKER];
  const { code, stdout, stderr } = await start(flags).ended;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '0'.repeat(32), stderr: '' });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('the program ends when the command is killed', async () => {
  const { child, output } = start([process.execPath, ...RUN, ONE_SHOT, 'wait']);
  await waitUntil(
    () => output.stdout.includes('\n'),
    START_TIMEOUT_MS,
    () => output.stderr,
  );
  const pid = Number(output.stdout);
  child.kill('SIGKILL');
  await waitUntil(
    () => !isRunning(pid),
    10_000,
    () => `process ${pid} still runs`,
  );
});

test('a second Ctrl-C ends a program whose collector does not respond', async () => {
  await using sink = await startOtlpSink();
  sink.answerWith({ fault: 'hang' });
  const flags = ['--exporter_otlp_endpoint', sink.url, process.execPath, ...RUN, ONE_SHOT, 'wait'];
  const { child, output, ended } = start(flags);
  await waitUntil(
    () => output.stdout.includes('\n'),
    START_TIMEOUT_MS,
    () => output.stderr,
  );
  const pid = Number(output.stdout);
  process.kill(pid, 'SIGINT');
  await waitUntil(
    () => sink.requests.length > 0,
    10_000,
    () => output.stderr,
  );
  process.kill(pid, 'SIGINT');
  expect(await ended).toMatchObject({ code: null, signal: 'SIGINT' });
  expect(child.killed).toBe(false);
});

test('a script has its span exported where no file can be written', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux has /proc');
  await using sink = await startOtlpSink();
  // Not even root can create files there.
  const folder = '/proc';
  expect(() => writeFileSync(join(folder, 'milk'), '')).toThrow();
  const env = { HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder };
  const { code, stderr } = await runScript(sink.url, [], { cwd: folder, env });
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a shell gets the variables, and a message', async () => {
  const { code, stdout, stderr } = await start([
    '--service_name=my shop',
    'sh',
    '-c',
    'echo "$OTEL_SERVICE_NAME"; exit 7',
  ]).ended;
  expect({ code, stdout }).toEqual({ code: 7, stdout: 'my shop\n' });
  expect(stderr).toBe(
    'opentelemetry-instrument: telemetry cannot be preloaded into sh, only into Node and Bun that it starts\n',
  );
});

test('a script that a shell starts on Node or Bun has its span exported', async ({ skip }) => {
  skip(isDeno, 'no variable has options for Deno');
  await using sink = await startOtlpSink();
  const flags = ['--exporter_otlp_endpoint', sink.url, '--otlp', '--metrics_exporter', 'none'];
  const { code } = await start([...flags, 'sh', '-c', `${process.execPath} ${ONE_SHOT}`]).ended;
  expect(code).toBe(3);
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('a service without a name has that of its runtime, without its folder', async () => {
  await using sink = await startOtlpSink();
  await runScript(sink.url);
  const name = sink.spans[0]?.resource['service.name'];
  expect(name).toMatch(/^unknown_service:(?:node|bun(?:\.exe)?|deno)$/);
});

test('a program that the system cannot run ends the command with 126', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'instrument-'));
  const script = join(folder, 'script');
  writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
  const { code, stderr } = await start([script]).ended;
  rmSync(folder, { recursive: true });
  expect(code).toBe(126);
  expect(stderr).toContain(
    `opentelemetry-instrument: ${script}: cannot be run (ENOENT); check its`,
  );
});

test.each([
  [[], 2, 'the program is missing; use opentelemetry-instrument [flags] node server.js'],
  [['no-such-program'], 127, 'no-such-program: no such program; check its name and PATH'],
  [['--trace_exporter', 'console'], 2, '--trace_exporter: unknown flag; did you mean --traces_exp'],
  [
    ['--config_file', 'no.yaml', 'node'],
    2,
    '--config_file: "no.yaml" cannot be read (ENOENT); use',
  ],
])('the arguments %j end the command with %i', async (args, exitCode, message) => {
  const { code, stdout, stderr } = await start(args).ended;
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr.startsWith(`opentelemetry-instrument: ${message}`)).toBe(true);
});

test('the doctor reports that all signals arrive', async () => {
  await using sink = await startOtlpSink();
  const args = ['doctor', '--json', '--exporter_otlp_endpoint', sink.url];
  const { code, stdout } = await start(args).ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ arrives: true });
});

test('--help prints the usage', async () => {
  const { code, stdout } = await start(['--help']).ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: opentelemetry-instrument \[flags\] program \[arguments\]\n/);
});
