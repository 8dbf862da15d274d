export { hostAndPort, parseEndpoint } from './endpoint.ts';
export { identifyProtocol } from './identify-protocol.ts';
export { probeConnection } from './probe-connection.ts';
export { readTlsFiles } from './probe-tls.ts';
