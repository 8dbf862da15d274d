import { isLoopback } from 'opentelemetry-instrument-exporters/hosts';
import { hostAndPort } from '../connect/index.ts';
import type { Cause, Connection } from '../diagnosis.ts';
import type { ExplainContext } from './context.ts';
import { explainTls } from './tls.ts';

/** Explains why a connection cannot be used; returns undefined if it can. */
export function explainConnection(
  connection: Connection,
  context: ExplainContext,
): Cause | undefined {
  const { variables } = context;
  switch (connection.kind) {
    case 'unknown-host':
      return {
        because: `the host name ${connection.host} is unknown (${connection.code}).`,
        change: `Correct the name in ${variables.endpoint}. Names of containers are known only in their network.`,
      };
    case 'lookup-timeout':
      return {
        because: `the host name ${connection.host} was not resolved within ${connection.millis} ms.`,
        change: `Check the DNS of this machine, or use an address in ${variables.endpoint}.`,
      };
    case 'refused':
      return explainRefusal(connection, context);
    case 'unreachable':
      return {
        because: `${hostAndPort(connection)} is unreachable (${connection.code}).`,
        change: `Check the network, and the host in ${variables.endpoint}.`,
      };
    case 'connect-timeout':
      return {
        because: `${hostAndPort(connection)} did not accept a connection within ${connection.millis} ms.`,
        change: `Check for a firewall, and the host in ${variables.endpoint}.`,
      };
    case 'open':
      return connection.tls ? explainTls(connection.tls, connection.host, context) : undefined;
  }
}

function explainRefusal(
  connection: Connection & { kind: 'refused' },
  { variables, protocol }: ExplainContext,
): Cause {
  const { listensAt, addresses, host } = connection;
  const because = `nothing is listening on ${hostAndPort(connection)} (connection refused).`;
  if (listensAt !== null) {
    const isGrpc = listensAt === 4317;
    const usual = isGrpc ? 'the gRPC port' : 'the port for OTLP over HTTP';
    const fits = isGrpc === (protocol === 'grpc');
    const otherwise = isGrpc ? 'grpc' : 'http/protobuf';
    return {
      because,
      change: fits
        ? `Something is listening on ${listensAt}, ${usual}: use that port in ${variables.endpoint}.`
        : `Something is listening on ${listensAt}, ${usual}: also open port ${connection.port} of the Collector, or use port ${listensAt} in ${variables.endpoint} and set ${variables.protocol}=${otherwise}.`,
    };
  }
  const inside =
    addresses.every(({ address }) => isLoopback(address)) &&
    `In a container, ${host} is the container itself.`;
  return {
    because,
    change: [
      `Start a Collector there, or correct ${variables.endpoint}.`,
      ...(inside ? [inside] : []),
    ].join(' '),
  };
}
