import { isIP } from 'node:net';
import { hostAndPort } from '../connect/endpoint.ts';
import type { AddressFinding, Connection, Tls } from '../diagnosis.ts';
import type { Page } from './page.ts';

/** The way to the other end's port, a line a step. */
export function reportConnection(connection: Connection, page: Page): string {
  switch (connection.kind) {
    case 'unknown-host':
      return page.item('bad', `no address for ${connection.host} (${connection.code})`);
    case 'lookup-timeout':
      return page.item('bad', `no answer to who ${connection.host} is, ${connection.millis} ms`);
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
  page: Page,
): string {
  const place = hostAndPort({ host: address, port });
  if (outcome === 'open') return page.item('ok', `${place} takes connections`);
  const happens = {
    refused: 'refuses connections',
    timeout: 'does not answer',
    failed: `cannot be reached (${code})`,
  }[outcome];
  return page.item(kind === 'open' ? 'note' : 'bad', `${place} ${happens}`);
}

function reportTls(tls: Tls, page: Page): string {
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
      return page.item('bad', `no TLS handshake in ${tls.millis} ms`);
    case 'unreadable-file':
      return page.item('bad', `cannot read ${tls.path} (${tls.code})`);
  }
}
