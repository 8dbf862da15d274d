export { openHttpTransport } from './http-transport.ts';
