import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { deadlineIn, settleBefore } from '../deadline.ts';
import type { DetectedProtocol } from '../diagnosis.ts';
import { sanitize } from '../show.ts';
import type { Endpoint } from './endpoint.ts';

/** Time in which servers greet clients or respond to invalid input. */
const RESPONSE_TIMEOUT_MS = 500;

// HTTP/2 servers respond with their settings, HTTP/1.1 servers with an error, TLS servers with an alert
// or by closing the connection. SSH servers greet the client before.
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');

/**
 * Identifies the protocol of a port from the bytes of its response, which are the same on all runtimes,
 * unlike the errors of their clients. Takes a second at most and never rejects.
 */
export async function identifyProtocol(endpoint: Endpoint): Promise<DetectedProtocol> {
  const socket = endpoint.isTls ? openTls(endpoint) : connectTcp(endpoint.port, endpoint.host);
  const speaks = recognize(
    await readResponse(socket, endpoint.isTls ? 'secureConnect' : 'connect'),
  );
  if (speaks.kind !== 'closes' || endpoint.isTls) return speaks;
  return (await acceptsTls(endpoint)) ? { kind: 'tls' } : speaks;
}

type RawResponse = { readonly bytes: Buffer; readonly isClosed: boolean };

async function readResponse(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
): Promise<RawResponse> {
  let bytes = Buffer.alloc(0);
  const responded = new Promise<'responded' | 'closed'>((resolve) => {
    socket
      .on(ready, () => socket.write(PREFACE))
      .on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= 9) resolve('responded');
      })
      .on('error', () => resolve('closed'))
      .on('close', () => resolve('closed'));
  });
  const end = await settleBefore(deadlineIn(RESPONSE_TIMEOUT_MS), responded);
  socket.destroy();
  return { bytes, isClosed: end === 'closed' };
}

function recognize({ bytes, isClosed }: RawResponse): DetectedProtocol {
  const text = bytes.toString('latin1');
  if (text.startsWith('HTTP/1.')) return { kind: 'http/1.1' };
  const [contentType, major, , frameType] = bytes;
  if (contentType === 0x15 && major === 3) return { kind: 'tls' };
  const isSettings = bytes.length >= 9 && bytes[0] === 0 && frameType === 4;
  if (isSettings) return { kind: 'http/2' };
  if (text !== '') return { kind: 'other', banner: sanitize(text) };
  return { kind: isClosed ? 'closes' : 'silent' };
}

async function acceptsTls(endpoint: Endpoint): Promise<boolean> {
  const socket = openTls(endpoint);
  const secured = new Promise<boolean>((resolve) => {
    socket
      .on('secureConnect', () => resolve(true))
      .on('error', () => resolve(false))
      .on('close', () => resolve(false));
  });
  const isSecure = await settleBefore(deadlineIn(RESPONSE_TIMEOUT_MS), secured);
  socket.destroy();
  return isSecure === true;
}

function openTls({ host, port }: Endpoint): Socket {
  const ALPNProtocols = ['h2', 'http/1.1'];
  return connectTls({ host, port, ALPNProtocols, rejectUnauthorized: false });
}
