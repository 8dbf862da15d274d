import { once } from 'node:events';
import { connect } from 'node:net';

/** A connection that carries one request at a time. */
export interface Connection {
  /** @param onAnswer is given the status when the whole answer is there */
  send(request: string, onAnswer: (status: number) => void): void;
  close(): void;
}

/**
 * Opens a connection on a bare socket: an HTTP client would use more processor time than the measured server.
 * @param onFailure the server cut the connection
 */
export async function openConnection(
  port: number,
  onFailure: (error: Error) => void,
): Promise<Connection> {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
  await once(socket, 'connect');
  let received = '';
  let answer: (status: number) => void = () => {};

  socket.on('data', (text: string) => {
    received += text;
    const headerLength = received.indexOf('\r\n\r\n') + 4;
    if (headerLength === 3) return;
    const bodyLength = /content-length: (\d+)/i.exec(received)?.[1];
    const isWhole =
      bodyLength === undefined && /transfer-encoding: chunked/i.test(received)
        ? received.endsWith('\r\n0\r\n\r\n')
        : received.length >= headerLength + Number(bodyLength ?? 0);
    if (!isWhole) return;
    const status = Number(received.slice(9, 12));
    received = '';
    answer(status);
  });
  socket.on('error', onFailure);
  socket.on('close', () => onFailure(new Error('The server cut a connection.')));

  return {
    send(request, onAnswer) {
      answer = onAnswer;
      socket.write(request);
    },
    close() {
      socket.removeAllListeners('close').destroy();
    },
  };
}
