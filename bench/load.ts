import { openConnection } from './connection.ts';

/** The text of the n-th HTTP request, from 0. */
export type RequestText = (n: number) => string;

export const getPage: RequestText = () => 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

export function postForm(path: string, body: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/**
 * Sends requests over a few connections, each the next one as soon as its answer is there.
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
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const connection = await openConnection(port, reject);
    const send = () => {
      if (next >= count) return resolve();
      const current = next++;
      connection.send(request(current), (status) => {
        if (status === expected(current)) return send();
        reject(new Error(`Request ${current} was answered ${status}, not ${expected(current)}.`));
      });
    };
    send();
    await promise.finally(() => connection.close());
  }

  await Promise.all(Array.from({ length: Math.min(count, 16) }, work));
}
