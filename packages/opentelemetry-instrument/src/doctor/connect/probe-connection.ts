import { lookup as lookupName } from 'node:dns/promises';
import { connect } from 'node:net';
import { errorCode } from '../../error-code.ts';
import { atMost, type Deadline, LATE, millisSince, settleBefore } from '../deadline.ts';
import type { AddressFinding, Connection } from '../diagnosis.ts';
import type { Endpoint } from './endpoint.ts';
import { probeTls, type TlsFiles, type UnreadableFile } from './probe-tls.ts';

/** Time limit of each step: resolution, connection, TLS handshake. */
const STEP_TIMEOUT_MS = 4_000;
const OTHER_PORT_TIMEOUT_MS = 500;

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/**
 * Resolves the host, connects, and performs a TLS handshake if the endpoint uses TLS. Never rejects.
 * @param files of TLS; an unreadable file is a failure also without TLS, as the app does not start
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
    atMost(STEP_TIMEOUT_MS, deadline),
    lookup(host).catch((error) => ({ code: errorCode(error) })),
  );
  if (found === LATE) return { kind: 'lookup-timeout', host, millis: millisSince(start) };
  if ('code' in found) return { kind: 'unknown-host', host, code: found.code };

  const names = [...new Set(found.map(({ address }) => address))];
  const connecting = performance.now();
  const addresses = await Promise.all(
    names.map((address) => tryAddress(address, port, atMost(STEP_TIMEOUT_MS, deadline))),
  );
  const reached = { host, port, addresses };
  const has = (outcome: AddressFinding['outcome']) =>
    addresses.find((tried) => tried.outcome === outcome);
  if (has('open')) {
    if ('kind' in files) return { kind: 'open', ...reached, tls: files };
    const tls = isTls ? await probeTls(endpoint, files, atMost(STEP_TIMEOUT_MS, deadline)) : null;
    return { kind: 'open', ...reached, tls };
  }
  if (has('refused')) {
    return { kind: 'refused', ...reached, listensAt: await otherOtlpPort(reached, deadline) };
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

/** Returns the other one of the ports of OTLP, 4317 and 4318, if it is open. */
async function otherOtlpPort(
  { addresses, port }: { addresses: readonly AddressFinding[]; port: number },
  deadline: Deadline,
): Promise<number | null> {
  const other = { 4317: 4318, 4318: 4317 }[port];
  if (other === undefined) return null;
  const tried = await Promise.all(
    addresses.map(({ address }) =>
      tryAddress(address, other, atMost(OTHER_PORT_TIMEOUT_MS, deadline)),
    ),
  );
  return tried.some(({ outcome }) => outcome === 'open') ? other : null;
}
