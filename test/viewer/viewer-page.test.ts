import { exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const PAGE = 'docs/viewer.md';
const BIN = join(root, 'packages/opentelemetry-viewer/src/bin.ts');
const NODE = join(root, 'node_modules/.bin/node');
const execute = promisify(exec);

const commands = [...readRepositoryFile(PAGE).matchAll(/^```sh\n(.*?)\n```$/gms)].flatMap(
  ([, block = '']) => block.split('\n'),
);

if (currentRuntime === 'node') describe(PAGE, testCommands);
else test(PAGE, ({ skip }) => skip('each command names its runtime: they are run once, on Node'));

function testCommands(): void {
  const temporary = useTemporaryDirectory();

  /** Starts the viewer as written, but for ports, a file and a command of the test's own. */
  async function start(command: string) {
    const written = command.replace('runs.db', temporary.newPath()).split(' ').slice(2);
    const end = written.indexOf('--');
    const flags = end === -1 ? written : written.slice(0, end);
    const print = 'console.log(process.env.OTEL_EXPORTER_OTLP_ENDPOINT); process.exitCode = 3';
    const ports = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
    const own = end === -1 ? [] : ['--', NODE, '-e', print];
    const child = spawn(NODE, [BIN, ...flags, ...ports, ...own], { cwd: root });
    const closed = once(child, 'close');
    onTestFinished(async () => {
      child.kill();
      await closed;
    });
    let url = '';
    for await (const line of createInterface({ input: child.stderr })) {
      url = /^Viewer on (\S+)/.exec(line)?.[1] ?? '';
      if (url !== '') break;
    }
    return { url, child, closed };
  }

  for (const command of commands) {
    test(command, { timeout: 60_000 }, async ({ skip }) => {
      skip(command.startsWith('npm '), 'test/app/e2e/viewer.test.ts starts the viewer in the app');
      if (command.includes(' -- ')) {
        const { child, closed } = await start(command);
        const [output] = await once(child.stdout.setEncoding('utf8'), 'data');
        expect(output).toMatch(/^http:\/\/localhost:\d+\n$/);
        expect((await closed)[0]).toBe(3);
      } else if (command.startsWith('npx ')) {
        const { url } = await start(command);
        expect((await fetch(url)).status).toBe(200);
      } else {
        const { url } = await start('npx opentelemetry-viewer');
        const { host } = new URL(url);
        const adapted = command.replace('localhost:16686', host);
        const { stdout } = await execute(adapted.replace('curl ', 'curl --fail --silent '));
        expect(() => JSON.parse(stdout)).not.toThrow();
      }
    });
  }
}
