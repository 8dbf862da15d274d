import { once } from 'node:events';
import { connect } from 'node:net';

/** A header as it goes over the wire: nothing is trimmed, merged, sorted or put into lower case. */
export type RawHeader = readonly [name: string, value: string];

/** A connection on which a test speaks HTTP byte by byte. */
export interface RawConnection extends AsyncDisposable {
  /** Sends a request line, headers and an empty line. A list of headers may contain duplicates. */
  sendHead(
    requestLine: string,
    headers?: Readonly<Record<string, string>> | readonly RawHeader[],
  ): void;
  send(text: string): void;
  /** Stops reading, so that the server cannot send more than the buffers hold. */
  pause(): void;
  resume(): void;
  /** The status line and the headers of the answer, or less when the connection is cut before. */
  readonly head: Promise<string>;
  /** Everything received, once the server has closed or cut the connection. */
  readonly received: Promise<string>;
}

/** Connects to the host and port of a URL. */
export async function openRawConnection(url: string): Promise<RawConnection> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  const received = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(text));
  });
  const head = new Promise<string>((resolve) => {
    const check = () =>
      text.includes('\r\n\r\n') && resolve(text.slice(0, text.indexOf('\r\n\r\n')));
    socket.on('data', check).once('close', () => resolve(text));
  });
  // A connection that was cut is closed as well, and what had come by then is what counts.
  socket.on('error', () => {});
  return {
    sendHead(requestLine, headers = {}) {
      const own = Symbol.iterator in headers ? headers : Object.entries(headers);
      const all: readonly RawHeader[] = [['Host', host], ['Connection', 'close'], ...own];
      const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`${requestLine} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
    },
    send: (text) => void socket.write(text, 'latin1'),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
    head,
    received,
  };
}

/** Sends one request on a connection of its own. @returns the head of the answer */
export async function sendRaw(
  url: string,
  requestLine: string,
  headers: Readonly<Record<string, string>> = {},
  ...body: readonly string[]
): Promise<string> {
  const connection = await openRawConnection(url);
  connection.sendHead(requestLine, headers);
  for (const part of body) connection.send(part);
  return connection.head;
}
