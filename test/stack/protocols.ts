/** The protocols that the app speaks with a Collector, and which of its ports takes them. */
export const PROTOCOLS = [
  { protocol: 'http/protobuf', transport: 'http' },
  { protocol: 'http/json', transport: 'http' },
  { protocol: 'grpc', transport: 'grpc' },
] as const;
