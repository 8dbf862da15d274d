import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Types of frames that a test may send. @see https://www.rfc-editor.org/rfc/rfc9113.html#name-frame-definitions */
const FRAME = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  goAway: 7,
} as const;

const END_STREAM = 1;
const END_HEADERS = 4;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** A gRPC call, as the frames of its connection show it. */
export interface FramedCall {
  /** Number of earlier calls to this server. */
  readonly index: number;
  readonly stream: number;
  /** Resets a stream. @param id default: the one of the call */
  reset(code: number, id?: number): void;
  /** Announces the end of the connection. @param lastStream the last one that is processed */
  goAway(lastStream: number, code: number): void;
  /** Promises another response, on stream 2. */
  push(): void;
  /** Responds with status 0 and an empty message. */
  succeed(): void;
  /** Responds with a message but without a status. */
  respondWithoutStatus(): void;
  /** Closes the connection. */
  close(): void;
}

/**
 * Starts a server that answers gRPC calls frame by frame, as no server of HTTP/2 lets a test do.
 *
 * @param onCall is called when a request has come to its end
 * @param readsSettings whether it acknowledges the settings of the client
 */
export async function startFrameServer(onCall: (call: FramedCall) => void, readsSettings = true) {
  const sockets = new Set<Socket>();
  let calls = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write(frame(FRAME.settings, 0, 0));
    let received: Buffer = Buffer.alloc(0);
    let isPrefaceRead = false;
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (!isPrefaceRead) {
        if (received.length < PREFACE.length) return;
        received = received.subarray(PREFACE.length);
        isPrefaceRead = true;
      }
      while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
        const length = received.readUIntBE(0, 3);
        const [type = 0, flags = 0] = received.subarray(3, 5);
        const stream = received.readUInt32BE(5);
        received = received.subarray(9 + length);
        if (readsSettings && type === FRAME.settings && (flags & 1) === 0) {
          socket.write(frame(type, 1, 0));
        }
        const isEnd = (type === FRAME.data || type === FRAME.headers) && flags & END_STREAM;
        if (isEnd) onCall(createCall(socket, stream, calls++));
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    /** Calls that came. */
    calls: () => calls,
    /** Connections that are open. */
    connections: () => [...sockets].filter(({ destroyed }) => !destroyed).length,
    [Symbol.asyncDispose]: close,
  };
}

function createCall(socket: Socket, stream: number, index: number): FramedCall {
  const send = (type: number, flags: number, id: number, payload: Uint8Array) =>
    void socket.write(frame(type, flags, id, payload));
  const head = () => {
    const fields = [Buffer.from([0x88]), header('content-type', 'application/grpc')];
    send(FRAME.headers, END_HEADERS, stream, Buffer.concat(fields));
  };
  return {
    index,
    stream,
    reset: (code, id = stream) => send(FRAME.rstStream, 0, id, numbers(code)),
    goAway: (lastStream, code) => send(FRAME.goAway, 0, 0, numbers(lastStream, code)),
    push() {
      // GET, http, / of HPACK's static table, and an authority.
      const head = Buffer.concat([Buffer.from([0x82, 0x86, 0x84]), header(':authority', 'a')]);
      send(FRAME.pushPromise, END_HEADERS, stream, Buffer.concat([numbers(2), head]));
    },
    respondWithoutStatus() {
      head();
      send(FRAME.data, END_STREAM, stream, Buffer.alloc(5));
    },
    succeed() {
      head();
      send(FRAME.data, 0, stream, Buffer.alloc(5));
      send(FRAME.headers, END_HEADERS | END_STREAM, stream, header('grpc-status', '0'));
    },
    close: () => void socket.end(),
  };
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function numbers(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, 4 * index);
  return buffer;
}

/** Encodes a header field that HPACK neither compresses nor stores. */
function header(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}
