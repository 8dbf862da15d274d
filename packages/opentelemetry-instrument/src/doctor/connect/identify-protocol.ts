import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { deadlineIn, settleBefore } from '../deadline.ts';
import type { Speaks } from '../diagnosis.ts';
import { showForeign } from '../show.ts';
import type { Endpoint } from './endpoint.ts';

/** Milliseconds in which every server that speaks first or answers nonsense has done so. */
const PATIENCE = 500;

// HTTP/2 servers answer it with their settings, HTTP/1.1 servers with an error, TLS with an alert or
// by closing; what speaks first, as SSH does, has spoken.
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');

/**
 * Finds out what a port speaks, from bytes alone: in those the runtimes agree, in the errors of their
 * clients they do not. Takes a second at most and never rejects.
 */
export async function identifyProtocol(endpoint: Endpoint): Promise<Speaks> {
  const socket = endpoint.isTls ? openTls(endpoint) : connectTcp(endpoint.port, endpoint.host);
  const speaks = recognise(await answerTo(socket, endpoint.isTls ? 'secureConnect' : 'connect'));
  if (speaks.kind !== 'closes' || endpoint.isTls) return speaks;
  return (await handshakes(endpoint)) ? { kind: 'tls' } : speaks;
}

type Reply = { readonly bytes: Buffer; readonly isClosed: boolean };

async function answerTo(socket: Socket, ready: 'connect' | 'secureConnect'): Promise<Reply> {
  let bytes = Buffer.alloc(0);
  const answered = new Promise<'answered' | 'closed'>((resolve) => {
    socket
      .on(ready, () => socket.write(PREFACE))
      .on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= 9) resolve('answered');
      })
      .on('error', () => resolve('closed'))
      .on('close', () => resolve('closed'));
  });
  const end = await settleBefore(deadlineIn(PATIENCE), answered);
  socket.destroy();
  return { bytes, isClosed: end === 'closed' };
}

function recognise({ bytes, isClosed }: Reply): Speaks {
  const text = bytes.toString('latin1');
  if (text.startsWith('HTTP/1.')) return { kind: 'http/1.1' };
  const [contentType, major, , frameType] = bytes;
  if (contentType === 0x15 && major === 3) return { kind: 'tls' };
  const isSettings = bytes.length >= 9 && bytes[0] === 0 && frameType === 4;
  if (isSettings) return { kind: 'http/2' };
  if (text !== '') return { kind: 'other', banner: showForeign(text) };
  return { kind: isClosed ? 'closes' : 'silent' };
}

async function handshakes(endpoint: Endpoint): Promise<boolean> {
  const socket = openTls(endpoint);
  const secured = new Promise<boolean>((resolve) => {
    socket
      .on('secureConnect', () => resolve(true))
      .on('error', () => resolve(false))
      .on('close', () => resolve(false));
  });
  const isSecure = await settleBefore(deadlineIn(PATIENCE), secured);
  socket.destroy();
  return isSecure === true;
}

function openTls({ host, port }: Endpoint): Socket {
  const ALPNProtocols = ['h2', 'http/1.1'];
  return connectTls({ host, port, ALPNProtocols, rejectUnauthorized: false });
}
