import { lookup as lookupName } from 'node:dns/promises';
import { connect } from 'node:net';
import { atMost, type Deadline, LATE, millisSince, settleBefore } from '../deadline.ts';
import type { AddressFinding, Connection } from '../diagnosis.ts';
import { errorCode } from '../show.ts';
import type { Endpoint } from './endpoint.ts';
import { probeTls, type TlsFiles, type UnreadableFile } from './probe-tls.ts';

/** Milliseconds for each step: resolving, connecting, shaking hands. Who needs more, hangs. */
const STEP = 4_000;

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/**
 * Goes as far as TLS towards an endpoint, one step after the other. Never rejects.
 * @param files one that cannot be read keeps the app from starting, with TLS or without
 */
export async function probeConnection(
  endpoint: Endpoint,
  files: TlsFiles | UnreadableFile,
  deadline: Deadline,
  lookup: Lookup = (host) => lookupName(host, { all: true }),
): Promise<Connection> {
  const { host, port, isTls } = endpoint;
  const start = performance.now();
  const found = await settleBefore(
    atMost(STEP, deadline),
    lookup(host).catch((error) => ({ code: errorCode(error) })),
  );
  if (found === LATE) return { kind: 'lookup-timeout', host, millis: millisSince(start) };
  if ('code' in found) return { kind: 'unknown-host', host, code: found.code };

  const names = [...new Set(found.map(({ address }) => address))];
  const connecting = performance.now();
  const addresses = await Promise.all(
    names.map((address) => tryAddress(address, port, atMost(STEP, deadline))),
  );
  const reached = { host, port, addresses };
  const has = (outcome: AddressFinding['outcome']) =>
    addresses.find((tried) => tried.outcome === outcome);
  if (has('open')) {
    if ('kind' in files) return { kind: 'open', ...reached, tls: files };
    const tls = isTls ? await probeTls(endpoint, files, atMost(STEP, deadline)) : null;
    return { kind: 'open', ...reached, tls };
  }
  if (has('refused')) {
    return { kind: 'refused', ...reached, listensAt: await neighbourOf(reached, deadline) };
  }
  if (has('timeout')) {
    return { kind: 'connect-timeout', ...reached, millis: millisSince(connecting) };
  }
  return { kind: 'unreachable', ...reached, code: has('failed')?.code ?? 'ENODATA' };
}

async function tryAddress(
  address: string,
  port: number,
  deadline: Deadline,
): Promise<AddressFinding> {
  const socket = connect(port, address);
  const opened = new Promise<string | null>((resolve) => {
    socket.on('connect', () => resolve(null)).on('error', (error) => resolve(errorCode(error)));
  });
  const code = await settleBefore(deadline, opened);
  socket.destroy();
  if (code === LATE || code === 'ETIMEDOUT') return { address, outcome: 'timeout', code: null };
  if (code === null) return { address, outcome: 'open', code };
  return { address, outcome: code === 'ECONNREFUSED' ? 'refused' : 'failed', code };
}

/** Whoever has one of OTLP's two ports wrong means the other. */
async function neighbourOf(
  { addresses, port }: { addresses: readonly AddressFinding[]; port: number },
  deadline: Deadline,
): Promise<number | null> {
  const neighbour = { 4317: 4318, 4318: 4317 }[port];
  if (neighbour === undefined) return null;
  const tried = await Promise.all(
    addresses.map(({ address }) => tryAddress(address, neighbour, atMost(500, deadline))),
  );
  return tried.some(({ outcome }) => outcome === 'open') ? neighbour : null;
}
