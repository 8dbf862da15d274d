/** The protocols that the app supports, with the Collector's port for each. */
export const PROTOCOLS = [
  { protocol: 'http/protobuf', transport: 'http' },
  { protocol: 'http/json', transport: 'http' },
  { protocol: 'grpc', transport: 'grpc' },
] as const;
