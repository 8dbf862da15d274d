import {
  cpSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../support/app-command.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const program = useTemporaryDirectory().path;
const entry = join(program, 'src/index.ts');

/** Packages that propagation and printed log records need. All others must stay unread. */
const HARMLESS = [
  'api',
  'api-logs',
  'context-async-hooks',
  'core',
  'resources',
  'semantic-conventions',
];

// A copy of the program in which OpenTelemetry's other packages say so when they are evaluated: the
// same proof on every runtime.
beforeAll(() => {
  const filterSources = (path: string) => !/[/\\](dist|node_modules)$/.test(path);
  for (const name of ['src', 'exporters', 'runtimes', 'packages', 'package.json', 'deno.json']) {
    cpSync(join(root, name), join(program, name), { recursive: true, filter: filterSources });
  }
  const [from, to] = [join(root, 'node_modules'), join(program, 'node_modules')];
  const filter = (path: string) => !path.endsWith('.map');
  cpSync(join(from, '@opentelemetry'), join(to, '@opentelemetry'), { recursive: true, filter });
  for (const name of ['hono', 'drizzle-orm', '@hono'])
    symlinkSync(join(from, name), join(to, name));
  // The workspaces are links into the repository; here they lead into the copy.
  const repository = realpathSync(root);
  for (const { name, parentPath } of readdirSync(from, { withFileTypes: true }).filter((entry) =>
    entry.isSymbolicLink(),
  )) {
    const folder = relative(repository, realpathSync(join(parentPath, name)));
    symlinkSync(join(program, folder), join(to, name));
  }
  for (const name of readdirSync(join(to, '@opentelemetry'))) {
    if (HARMLESS.includes(name)) continue;
    const folder = join(to, '@opentelemetry', name);
    for (const path of readdirSync(folder, { encoding: 'utf8', recursive: true })) {
      if (!path.endsWith('.js')) continue;
      const code = readFileSync(join(folder, path), 'utf8');
      writeFileSync(join(folder, path), `process.stderr.write('Evaluated ${name}\\n');\n${code}`);
    }
  }
});

test('OTEL_SDK_DISABLED=true evaluates no code of the SDK or its exporters, and exports nothing', async () => {
  await using sink = await startOtlpSink();
  const env = { OTEL_SDK_DISABLED: 'TRUE', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  await using app = await spawnApp({ entry, cwd: program, env, args: ['--otlp'] });
  expect(app.stderr).not.toContain('Evaluated');
  expect(app.stderr).toContain('Traces off (OTEL_SDK_DISABLED)');
  const headers = { traceparent: `00-${'a'.repeat(32)}-00f067aa0ba902b7-01` };
  const body = new URLSearchParams({ task: 'milk' });
  const response = await fetch(`${app.url}/add`, { method: 'POST', headers, body });
  expect(await response.text()).toContain('milk');
  await app.waitFor(({ stderr }) => stderr.includes('INFO task added'));
  const { code, stdout, stderr } = await app.stop();
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).not.toContain('Evaluated');
  // Logs still belong to the caller's trace.
  expect(stderr).toMatch(/INFO task added .*trace aaaaaaaa/);
  expect(sink.requests).toEqual([]);
  expect(sink.problems).toEqual([]);
});

test.each([
  ['false', ''],
  ['', ''],
  ['1', 'OTEL_SDK_DISABLED: "1" is not a boolean; using false; use true or false\n'],
  ['yes', 'OTEL_SDK_DISABLED: "yes" is not a boolean; using false; use true or false\n'],
])('OTEL_SDK_DISABLED=%s disables nothing', async (value, warning) => {
  const env = { OTEL_SDK_DISABLED: value, NO_COLOR: '1' };
  await using app = await spawnApp({ entry, cwd: program, env });
  expect(app.stderr).toContain('Evaluated sdk-trace-base\n');
  expect(
    app.stderr.replace(/^(Evaluated|'OTEL_SDK_DISABLED' env var value not) .*\n/gm, ''),
  ).toMatch(new RegExp(`^${warning}To-Do List`));
});
