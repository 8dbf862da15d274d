import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process, { env } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { expectQuiet, noBrowser, useBrowser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { installedPath } from '../support/installed-path.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type SpawnedViewer, spawnViewer } from '../viewer/spawn-viewer.ts';

const temporary = useTemporaryDirectory();
const variables = { ...env, PATH: installedPath, CI: '1', WRANGLER_SEND_METRICS: 'false' };

test('Wrangler applies the migrations to the same schema', () => {
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', temporary.path];
  const { status, stdout, stderr } = spawnSync('npx', ['wrangler', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: variables,
  });
  expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
  const files = readdirSync(temporary.path, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => /d1.*[\da-f]{64}\.sqlite$/.test(name)) ?? '';
  const database = new DatabaseSync(join(temporary.path, file), { readOnly: true });
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE name GLOB '*task*' AND sql <> '' ORDER BY name")
    .all()
    .map(({ name }) => name);
  database.close();
  expect(names).toEqual([
    'removed_tasks',
    'task_count',
    'tasks',
    'tasks_by_completed',
    'tasks_by_position',
    'tasks_deleted',
    'tasks_inserted',
    'tasks_limit',
    'tasks_removed',
  ]);
});

if (noBrowser) test('wrangler dev in a browser', ({ skip }) => skip(noBrowser));
else describe('wrangler dev in a browser', testInBrowser);

function testInBrowser(): void {
  const openPage = useBrowser();
  let viewer: SpawnedViewer;
  let child: ChildProcess;
  let url: string;
  let output = '';

  beforeAll(async () => {
    viewer = await spawnViewer();
    const [port, inspector] = [await freePort(), await freePort()];
    const collector = `OTEL_EXPORTER_OTLP_ENDPOINT:${viewer.httpUrl}`;
    const ports = ['--port', `${port}`, '--inspector-port', `${inspector}`];
    const args = ['wrangler', 'dev', ...ports, '--persist-to', temporary.path, '--var', collector];
    // A process group, since npx and wrangler start others.
    child = spawn('npx', args, { cwd: root, detached: true, env: variables });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    url = `http://127.0.0.1:${port}`;
    await waitUntil(
      () => /Ready on/.test(output) || child.exitCode !== null,
      40_000,
      () => output,
    );
  });
  afterAll(async () => {
    const exited = once(child, 'exit');
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGTERM');
      await exited;
    }
    await viewer[Symbol.asyncDispose]();
  });

  test('a click makes one trace in the viewer, from the page to D1', async () => {
    const opened = await openPage(url);
    const { page } = opened;
    await page.getByRole('textbox').first().fill('milk');
    await page.keyboard.press('Enter');
    await page.getByText('milk', { exact: true }).first().waitFor();
    await expectQuiet(opened);
    // The page sends its spans when it is hidden.
    await page.goto('about:blank');

    const findTrace = async () => {
      const response = await fetch(`${viewer.url}/api/traces?service=todo-web&limit=20`);
      const { data }: { data: JaegerTrace[] } = await response.json();
      return data.find(({ spans }) =>
        spans.some(({ operationName }) => operationName === 'POST /add' && spans.length > 2),
      );
    };
    let trace: JaegerTrace | undefined;
    await expect.poll(async () => (trace = await findTrace())).toBeDefined();
    const spans = trace?.spans ?? [];
    const service = ({ processID }: JaegerSpan) => trace?.processes[processID]?.serviceName;
    const parentOf = (span?: JaegerSpan) =>
      spans.find(({ spanID }) => spanID === span?.references[0]?.spanID);
    const insert = spans.find(({ operationName }) => operationName === 'INSERT tasks');
    const server = parentOf(insert);
    const click = parentOf(server);
    expect(server?.operationName).toBe('POST /add');
    expect(server && service(server)).toBe('todo');
    expect(click?.operationName).toBe('POST /add');
    expect(click && service(click)).toBe('todo-web');
    expect(click?.references).toEqual([]);
  });
}

/** The parts of Jaeger's JSON that are read. */
interface JaegerTrace {
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

interface JaegerSpan {
  readonly operationName: string;
  readonly spanID: string;
  readonly processID: string;
  readonly references: readonly { readonly spanID: string }[];
}
