/** Encoding and transport: OTLP as protobuf or JSON over HTTP, or over gRPC. */
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** Destination and transport of one signal. */
export interface OtlpOptions {
  /** The exact URL of the signal. For gRPC, only scheme, host and port are used. */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one export, retries included. `Infinity` means no limit. */
  readonly timeoutMillis: number;
  /** Attempts for one export. @default no limit within `timeoutMillis` */
  readonly maxAttempts?: number | undefined;
  readonly compression: 'none' | 'gzip';
  /** Path of a PEM file with the certificates to trust. */
  readonly certificate: string | undefined;
  /** Path of a PEM file with the client's private key. */
  readonly clientKey: string | undefined;
  /** Path of a PEM file with the client's certificate. */
  readonly clientCertificate: string | undefined;
  /** The setting that `url` comes from, named in messages. */
  readonly endpoint?: { readonly variable: string } | undefined;
}

/** Aggregation of metrics for OTLP. */
export interface OtlpMetricOptions {
  readonly temporality: 'cumulative' | 'delta' | 'lowmemory';
  readonly histogramAggregation: 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram';
}
