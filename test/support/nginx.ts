import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { createAuthority } from './certificates.ts';
import { freePort } from './free-port.ts';
import { readRepositoryFile } from './repository-files.ts';

/** nginx with the configuration of `deploy/`, running on 127.0.0.1. */
export interface Nginx extends AsyncDisposable {
  /** The port of plain HTTP. */
  readonly port: number;
  readonly securePort: number;
  /** Sends bytes over TLS. @returns everything that came until the connection was closed */
  exchange(text: string): Promise<string>;
}

/** Finds the program. Returns undefined if this machine has no nginx. */
export function findNginx(): string | undefined {
  return ['nginx', '/usr/sbin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);
}

/**
 * Starts nginx in front of an app, with ports, certificate and folders of the test.
 * @param change adapts the configuration further
 */
export async function startNginx(
  program: string,
  appUrl: string,
  change: (config: string) => string = (config) => config,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'todo-nginx-'));
  const [port, securePort] = [await freePort(), await freePort()];
  const { certificate, key } = createAuthority().issue({ host: 'todo.example' });
  writeFileSync(join(folder, 'todo.example.crt'), certificate);
  writeFileSync(join(folder, 'todo.example.key'), key);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const folders = temporary.map((name) => `  ${name}_temp_path ${join(folder, name)};\n`).join('');
  const config = readRepositoryFile('deploy/nginx.conf')
    .replace('http {\n', `http {\n${folders}`)
    .replaceAll('listen 80', `listen 127.0.0.1:${port}`)
    .replaceAll('listen 443', `listen 127.0.0.1:${securePort}`)
    .replaceAll('/etc/nginx/', `${folder}/`)
    .replaceAll('127.0.0.1:5000', new URL(appUrl).host);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, change(config));

  // Workers of root are another user, which cannot read a temporary folder.
  const user = getuid?.() === 0 ? ' user root;' : '';
  const globals = `daemon off; worker_processes 1; pid ${join(folder, 'pid')};${user}`;
  const child = spawn(program, ['-p', folder, '-c', file, '-e', 'stderr', '-g', globals], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  let isEnded = false;
  const ended = once(child, 'close').then(() => {
    isEnded = true;
  });
  const responds = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  for (let i = 0; !(await responds()); i += 1) {
    if (isEnded || i === 200) throw new Error(`nginx does not respond: ${output}`);
    await sleep(50);
  }

  return {
    port,
    securePort,
    async exchange(text) {
      const socket = connect({ port: securePort, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      let received = '';
      socket.setEncoding('latin1').on('data', (chunk) => {
        received += chunk;
      });
      // A connection that was reset is closed as well.
      socket.on('error', () => {});
      socket.write(text, 'latin1');
      await new Promise((resolve) => socket.once('close', resolve));
      return received;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
