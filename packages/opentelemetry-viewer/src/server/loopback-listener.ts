import type { AddressInfo, Server, Socket } from 'node:net';
import { identifyServer, type PortHolder } from './identify-server.ts';

/** Ports that are tried after the first. */
const MAX_ATTEMPTS = 20;
const MAX_PORT = 65_535;
/** A machine without IPv6 has no ::1. */
const NO_IPV6: ReadonlySet<string | undefined> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Something that listens on the loopback addresses. */
export interface LoopbackListener {
  readonly port: number;
  /** Closes the port and all connections. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0 takes any free port. If it is taken, the next free one is used. */
  readonly port: number;
  /** Name of the listener, for messages. */
  readonly name: string;
  /** HTTP port of the program that may have the gRPC port, to identify it. @default unknown */
  readonly httpPort?: number | undefined;
  /** The viewer keeps the process alive. @default true */
  readonly keepAlive?: boolean | undefined;
  /** Returns a sentence to add to the message about a port that is taken. */
  readonly advise?: ((holder: PortHolder) => string | undefined) | undefined;
  /** Takes a message about a port that is taken. */
  readonly notify: (message: string) => void;
}

/**
 * Listens on 127.0.0.1 and ::1, since clients resolve `localhost` to either.
 * @param createServer makes one server for each address
 */
export async function listenOnLoopback(
  createServer: () => Server,
  { port: wanted, name, httpPort, keepAlive = true, advise, notify }: LoopbackOptions,
): Promise<LoopbackListener> {
  for (let attempt = 0; ; attempt++) {
    const port = wanted === 0 ? 0 : wanted + attempt;
    try {
      const listener = await listenOnBoth(createServer, port, keepAlive);
      if (attempt > 0) {
        const holder = await identifyServer(wanted, httpPort);
        const taken = `Port ${wanted} is taken by ${holder.name}: ${name} is on port ${port}.`;
        notify([taken, advise?.(holder)].filter(Boolean).join(' '));
      }
      return listener;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || attempt === MAX_ATTEMPTS || port >= MAX_PORT) throw error;
    }
  }
}

async function listenOnBoth(
  createServer: () => Server,
  port: number,
  keepAlive: boolean,
): Promise<LoopbackListener> {
  const first = await listen(createServer(), port, '127.0.0.1', keepAlive);
  try {
    const second = await listen(createServer(), first.port, '::1', keepAlive);
    return {
      port: first.port,
      close: async () => void (await Promise.all([first.close(), second.close()])),
    };
  } catch (error) {
    if (NO_IPV6.has((error as NodeJS.ErrnoException).code)) return first;
    await first.close();
    throw error;
  }
}

async function listen(
  server: Server,
  port: number,
  host: string,
  keepAlive: boolean,
): Promise<LoopbackListener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (!keepAlive) socket.unref?.();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  // Without a listener, an error of `accept()` would end the process.
  server.on('error', () => {});
  if (!keepAlive) server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
