/** Facts about the running viewer that the store does not know. */
export interface ViewerInfo {
  readonly version: string;
  /** Addresses that accept telemetry: `OTLP/HTTP` and `http://localhost:4318`. */
  readonly endpoints?: readonly { readonly name: string; readonly url: string }[] | undefined;
  /** The sampler of an embedding program, for readers who miss a trace. */
  readonly sampling?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** Memory of the process in bytes. */
  readonly memory?: (() => number) | undefined;
}
