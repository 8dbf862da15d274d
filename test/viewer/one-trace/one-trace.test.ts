import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appCommand, currentRuntime, type RuntimeName, root } from '../../support/app-command.ts';
import { noBrowser, useBrowser } from '../../support/browser.ts';
import { freePort } from '../../support/free-port.ts';
import { installPython } from '../../support/install-once.ts';
import { spawnApp } from '../../support/spawned-app.ts';
import { spawnViewer } from '../spawn-viewer.ts';

const PYTHON_PACKAGES = [
  'flask==3.1.2',
  'requests==2.34.2',
  'opentelemetry-distro==0.66b1',
  'opentelemetry-exporter-otlp-proto-http==1.45.1',
  'opentelemetry-instrumentation-flask==0.66b1',
  'opentelemetry-instrumentation-requests==0.66b1',
];
const FOLDER = join(root, 'test/viewer/one-trace');
const NAME = 'Python, Deno, Bun, Node and the browser appear in one trace of one viewer';

if (noBrowser) test(NAME, ({ skip }) => skip(noBrowser));
else if (currentRuntime !== 'node') test(NAME, ({ skip }) => skip('it starts all runtimes: once'));
else describe('one viewer', testTrace);

function testTrace(): void {
  const openPage = useBrowser();

  test(NAME, { timeout: 360_000 }, async ({ skip }) => {
    const python = installPython(PYTHON_PACKAGES);
    if ('problem' in python) return skip(python.problem);
    await using viewer = await spawnViewer();
    const telemetry = {
      OTEL_EXPORTER_OTLP_ENDPOINT: viewer.httpUrl,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    const browser = { BROWSER_OTLP_ENDPOINT: viewer.httpUrl };
    await using app = await spawnApp({ env: { ...telemetry, ...browser } });
    const bun = await startRelay('bun', app.url, telemetry);
    const deno = await startRelay('deno', bun, telemetry);
    const entry = await startFlask(python.folder, deno, telemetry);

    const { page } = await openPage(entry);
    expect(await page.title()).toContain('To-Do List');
    await page.waitForLoadState('networkidle');
    // A page records its load when it is left.
    await page.goto('about:blank');
    const senders = ['bun-relay', 'deno-relay', 'flask-relay', 'todo', 'todo-web'];
    await expect
      .poll(() => findServices(viewer.url), { timeout: 30_000 })
      .toEqual(expect.arrayContaining([senders]));

    await page.goto(`${viewer.url}/search?service=todo-web`);
    await page.locator('#traces tbody a').first().click();
    await page.locator('#waterfall').waitFor();
    const waterfall = await page.locator('#waterfall').textContent();
    for (const sender of senders) expect(waterfall).toContain(sender);
  });
}

/** Returns the names of the services of each trace. */
async function findServices(viewerUrl: string): Promise<string[][]> {
  const response = await fetch(viewerUrl, { headers: { accept: 'application/json' } });
  const { traces } = (await response.json()) as { traces: { services: { name: string }[] }[] };
  return traces.map(({ services }) => services.map(({ name }) => name).sort());
}

/** Starts relay.ts on a runtime. @returns its URL */
function startRelay(
  runtime: RuntimeName,
  target: string,
  telemetry: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { ...telemetry, TARGET: target, OTEL_SERVICE_NAME: `${runtime}-relay` };
  const entry = join(FOLDER, 'relay.ts');
  const { binary, args, env: environment } = appCommand({ runtime, entry, env });
  return startProgram(binary, args, environment, /Listening on (\S+)/);
}

/** Starts relay.py as `opentelemetry-instrument` does. @returns its URL */
async function startFlask(
  venv: string,
  target: string,
  telemetry: Readonly<Record<string, string>>,
): Promise<string> {
  const instrument = 'from opentelemetry.instrumentation.auto_instrumentation import run; run()';
  const app = ['--app', join(FOLDER, 'relay.py'), 'run', '--port', `${await freePort()}`];
  const args = ['-c', instrument, 'python', '-m', 'flask', ...app];
  const bin = join(venv, 'bin');
  const PATH = `${bin}:${process.env.PATH}`;
  const env = { ...telemetry, PATH, TARGET: target, OTEL_SERVICE_NAME: 'flask-relay' };
  return startProgram(join(bin, 'python'), args, env, /Running on (\S+)/);
}

/** Starts a program until the end of the test. @returns the URL that it prints */
async function startProgram(
  binary: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  pattern: RegExp,
): Promise<string> {
  const child = spawn(binary, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const output: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = pattern.exec(line) ?? [];
    if (url !== undefined) {
      child.stderr.resume();
      return url;
    }
    output.push(line);
  }
  throw new Error(`The program ended: ${output.join('\n')}`);
}
