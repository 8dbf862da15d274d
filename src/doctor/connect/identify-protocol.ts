import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
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

function answerTo(socket: Socket, ready: 'connect' | 'secureConnect'): Promise<Reply> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const timer = setTimeout(end, PATIENCE, false);
    function end(isClosed: boolean): void {
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes, isClosed });
    }
    socket
      .on(ready, () => socket.write(PREFACE))
      .on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= 9) end(false);
      })
      .on('error', () => end(true))
      .on('close', () => end(true));
  });
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

function handshakes(endpoint: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openTls(endpoint);
    const timer = setTimeout(end, PATIENCE, false);
    function end(isSecure: boolean): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(isSecure);
    }
    socket
      .on('secureConnect', () => end(true))
      .on('error', () => end(false))
      .on('close', () => end(false));
  });
}

function openTls({ host, port }: Endpoint): Socket {
  const ALPNProtocols = ['h2', 'http/1.1'];
  return connectTls({ host, port, ALPNProtocols, rejectUnauthorized: false });
}
