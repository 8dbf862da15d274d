import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { drawTerminal } from './draw-terminal.ts';

const START_TIMEOUT_MS = 60_000;
const root = fileURLToPath(new URL('../', import.meta.url));

/** The requests, and what the output must contain before the next request is sent. */
const REQUESTS: readonly (readonly [path: string, form: string | undefined, last: RegExp])[] = [
  ['/', undefined, /SELECT tasks/],
  ['/add', 'task=Buy+milk', /task added/],
  ['/', undefined, /SELECT tasks[\s\S]*SELECT tasks/],
  ['/demo/error', '', /on purpose/],
];

/** Starts the app, sends some requests, and returns an SVG of the trees that it prints. */
export async function drawTree(): Promise<string> {
  const app = spawn(execPath, ['src/index.ts', '--port', '0', '--demo'], {
    cwd: root,
    env: { PATH: env.PATH, DATABASE_URL: ':memory:', VIEWER: 'none', FORCE_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(app, 'close');
  let output = '';
  app.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  async function waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
      const found = pattern.exec(output);
      if (found !== null) return found;
    }
    throw new Error(`The app did not print ${pattern}:\n${output}`);
  }

  try {
    const [, url] = await waitFor(/listening on (http:\S+)/i);
    output = '';
    for (const [path, body, last] of REQUESTS) {
      const response = await fetch(`${url}${path}`, {
        redirect: 'manual',
        ...(body !== undefined && { method: 'POST', body, headers: FORM }),
      });
      await response.arrayBuffer();
      await waitFor(last);
    }
    await sleep(200);
  } finally {
    app.kill('SIGKILL');
    await closed;
  }
  const lines = output.split('\n').filter((line) => line !== '');
  return drawTerminal(lines, 'A terminal that shows each request as a tree');
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
