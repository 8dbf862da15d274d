import { hostAndPort } from '../connect/endpoint.ts';
import type { Cause, Connection } from '../diagnosis.ts';
import type { Circumstances } from './setting-names.ts';
import { explainTls } from './tls.ts';

/** Why nothing can be sent over a connection; undefined when something can. */
export function explainConnection(connection: Connection, about: Circumstances): Cause | undefined {
  const { names } = about;
  switch (connection.kind) {
    case 'unknown-host':
      return {
        because: `no address is known for the name ${connection.host} (${connection.code}).`,
        change: `Correct the name in ${names.endpoint}. Names of containers are known only inside their network.`,
      };
    case 'lookup-timeout':
      return {
        because: `resolving the name ${connection.host} takes more than ${connection.millis} ms.`,
        change: `Look at this machine's DNS, or write an address in ${names.endpoint}.`,
      };
    case 'refused':
      return explainRefusal(connection, about);
    case 'unreachable':
      return {
        because: `there is no way to ${hostAndPort(connection)} (${connection.code}).`,
        change: `Look at the network, or at the host in ${names.endpoint}.`,
      };
    case 'connect-timeout':
      return {
        because: `${hostAndPort(connection)} does not answer: no connection within ${connection.millis} ms.`,
        change: `Look for a firewall on the way, and at the host in ${names.endpoint}.`,
      };
    case 'open':
      return connection.tls ? explainTls(connection.tls, connection.host, about) : undefined;
  }
}

function explainRefusal(
  connection: Connection & { kind: 'refused' },
  { names, protocol }: Circumstances,
): Cause {
  const { listensAt, addresses, host } = connection;
  const because = `nothing listens at ${hostAndPort(connection)} (connection refused).`;
  if (listensAt !== null) {
    const isGrpc = listensAt === 4317;
    const usual = isGrpc ? "gRPC's port" : 'the port of OTLP over HTTP';
    const fits = isGrpc === (protocol === 'grpc');
    const otherwise = isGrpc ? 'grpc' : 'http/protobuf';
    return {
      because,
      change: fits
        ? `Something listens at ${listensAt}, ${usual}: write that port in ${names.endpoint}.`
        : `Something listens at ${listensAt}, ${usual}: open the Collector's port ${connection.port}, too, or write that port in ${names.endpoint} and ${otherwise} in ${names.protocol}.`,
    };
  }
  const isLoopback = addresses.every(({ address }) => /^127\.|^::1$/.test(address));
  const inside = isLoopback && `In a container, ${host} is the container itself.`;
  return {
    because,
    change: [
      `Start a Collector there, or write in ${names.endpoint} where one listens.`,
      ...(inside ? [inside] : []),
    ].join(' '),
  };
}
