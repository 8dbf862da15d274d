import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** A header as it goes over the wire: nothing is trimmed, merged, sorted or put into lower case. */
export type RawHeader = readonly [name: string, value: string];

/** Sends a request without a body, byte by byte as given, and returns the whole response. */
export async function sendRawRequest(
  port: number,
  requestLine: string,
  headers: readonly RawHeader[],
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const all: readonly RawHeader[] = [
    ['Host', `127.0.0.1:${port}`],
    ['Connection', 'close'],
    ['Content-Length', '0'],
    ...headers,
  ];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${requestLine}\r\n${lines}\r\n`, 'latin1');
  return text(socket);
}
