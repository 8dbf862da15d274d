import { once } from 'node:events';
import { connect } from 'node:net';

/** The text of the n-th HTTP request, from 0. */
export type RequestText = (n: number) => string;

const getPage: RequestText = () => 'GET / HTTP/1.1\r\nHost: bench\r\n\r\n';

export function postForm(path: string, body: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/**
 * Sends requests over a few connections, each the next one as soon as its answer is there.
 *
 * Written on sockets: an HTTP client would use more processor time than the server that is measured.
 * @param expected the status of each answer; another one rejects
 */
export async function sendRequests(
  port: number,
  count: number,
  request: RequestText = getPage,
  expected: (n: number) => number = () => 200,
): Promise<void> {
  let next = 0;

  async function work(): Promise<void> {
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    await once(socket, 'connect');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let current = 0;
    let received = '';
    const send = () => {
      if (next >= count) return resolve();
      current = next++;
      received = '';
      socket.write(request(current));
    };
    socket.on('data', (text: string) => {
      received += text;
      const headerLength = received.indexOf('\r\n\r\n') + 4;
      if (headerLength === 3) return;
      const bodyLength = /content-length: (\d+)/i.exec(received)?.[1] ?? 0;
      if (received.length < headerLength + Number(bodyLength)) return;
      const status = Number(received.slice(9, 12));
      if (status === expected(current)) return send();
      reject(new Error(`Request ${current} was answered ${status}, not ${expected(current)}.`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`The server cut request ${current}.`)));
    send();
    await promise.finally(() => socket.destroy());
  }

  await Promise.all(Array.from({ length: Math.min(count, 16) }, work));
}
