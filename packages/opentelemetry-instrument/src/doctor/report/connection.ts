import { isIP } from 'node:net';
import { hostAndPort } from '../connect/index.ts';
import type { AddressFinding, Connection, Tls } from '../diagnosis.ts';
import type { ReportPage } from './page.ts';

/** Returns a line for each step of connecting to the server. */
export function reportConnection(connection: Connection, page: ReportPage): string {
  switch (connection.kind) {
    case 'unknown-host':
      return page.item('bad', `no address for ${connection.host} (${connection.code})`);
    case 'lookup-timeout':
      return page.item('bad', `no address for ${connection.host} within ${connection.millis} ms`);
  }
  const { host, addresses, kind } = connection;
  const known = addresses.map(({ address }) => address).join(', ');
  return [
    isIP(host) ? '' : page.item('ok', `${host} is ${known}`),
    ...addresses.map((tried) => reportAddress(tried, connection, page)),
    kind === 'open' && connection.tls ? reportTls(connection.tls, page) : '',
  ].join('');
}

function reportAddress(
  { address, outcome, code }: AddressFinding,
  { port, kind }: { port: number; kind: string },
  page: ReportPage,
): string {
  const place = hostAndPort({ host: address, port });
  if (outcome === 'open') return page.item('ok', `${place} accepts connections`);
  const result = {
    refused: 'refuses connections',
    timeout: 'does not respond',
    failed: `cannot be reached (${code})`,
  }[outcome];
  return page.item(kind === 'open' ? 'note' : 'bad', `${place} ${result}`);
}

function reportTls(tls: Tls, page: ReportPage): string {
  switch (tls.kind) {
    case 'trusted':
    case 'untrusted': {
      const { names, validTo } = tls.certificate;
      const certificate = `TLS, certificate for ${names} until ${validTo.slice(0, 10)}`;
      return tls.kind === 'trusted'
        ? page.item('ok', certificate)
        : page.item('bad', `${certificate}: ${tls.problem} (${tls.code})`);
    }
    case 'failed':
      return page.item('bad', `no TLS (${tls.code})`);
    case 'timeout':
      return page.item('bad', `no TLS handshake within ${tls.millis} ms`);
    case 'unreadable-file':
      return page.item('bad', `cannot read ${tls.path} (${tls.code})`);
  }
}
