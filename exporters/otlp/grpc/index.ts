export { openGrpcTransport } from './grpc-transport.ts';
