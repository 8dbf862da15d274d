import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../settings/index.ts';

/** The output of `doctor --json`. Keys and values of `kind` are added, never renamed. */
export interface Diagnosis {
  /** Version of the program. */
  readonly version: string;
  /** True if at least one signal is exported and all exported ones arrive. */
  readonly arrives: boolean;
  readonly settings: readonly EffectiveSetting[];
  readonly problems: readonly string[];
  readonly runtime: RuntimeFinding;
  readonly signals: Readonly<Record<Signal, SignalDiagnosis>>;
  readonly durationMillis: number;
}

export interface RuntimeFinding {
  readonly name: string;
  readonly version: string;
  /** True if the runtime exports its own telemetry (`OTEL_DENO`), which turns the app's exporters off. */
  readonly hasOwnTelemetry: boolean;
  readonly apiVersion: string;
  readonly sdkVersion: string;
  /**
   * Version of the API with which a provider was registered before; null if there is none. A second copy
   * of the API without a provider is not detected.
   */
  readonly registeredApiVersion: string | null;
  /** The APIs that have a provider already, which turns the app's SDK off: `trace`, `metrics`. */
  readonly registered: readonly string[];
}

export interface SignalDiagnosis {
  readonly verdict: Verdict;
  readonly destinations: readonly Destination[];
}

export type Verdict =
  | { readonly kind: 'arrives' }
  | { readonly kind: 'off'; readonly change: string }
  | ({ readonly kind: 'fails' } & Cause);

/** The reason why records do not arrive. */
export interface Cause {
  readonly because: string;
  /** The remedy, as a sentence. */
  readonly change: string;
}

export type Destination =
  | { readonly kind: 'output'; readonly exporter: string; readonly to: string }
  /** An exporter that the doctor cannot check. */
  | { readonly kind: 'unchecked'; readonly exporter: string; readonly to: string }
  | FetchedDestination
  | { readonly kind: 'unavailable'; readonly exporter: string; readonly cause: Cause }
  | OtlpDestination;

/** Metrics that Prometheus scrapes from this machine. Whether it does is not checked. */
export interface FetchedDestination {
  readonly kind: 'fetched';
  readonly exporter: string;
  readonly url: string;
  /**
   * The program that exposes metrics there: the doctor, instead of the app; another program, usually the
   * running app; or none.
   */
  readonly shownBy: 'doctor' | 'another' | null;
  /** null if metrics can be fetched. */
  readonly cause: Cause | null;
}

export interface OtlpDestination {
  readonly kind: 'otlp';
  readonly exporter: string;
  /** The URL of the exporter, without credentials. */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  /** Names only. */
  readonly headers: readonly string[];
  /** Value of the attribute `doctor.id` of the record that was sent. */
  readonly id: string;
  readonly connection: Connection;
  readonly answer: SendOutcome;
  /** null if the record has arrived. */
  readonly cause: Cause | null;
  /** null unless a span was accepted and Jaeger's URL is known. */
  readonly jaeger: JaegerFinding | null;
}

/** The result of connecting to the server. */
export type Connection =
  | { readonly kind: 'unknown-host'; readonly host: string; readonly code: string }
  | { readonly kind: 'lookup-timeout'; readonly host: string; readonly millis: number }
  | (Reached & {
      readonly kind: 'refused';
      /** The other one of the ports of OTLP, 4317 and 4318, if it is open. */
      readonly listensAt: number | null;
    })
  | (Reached & { readonly kind: 'unreachable'; readonly code: string })
  | (Reached & { readonly kind: 'connect-timeout'; readonly millis: number })
  | (Reached & { readonly kind: 'open'; readonly tls: Tls | null });

interface Reached {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly AddressFinding[];
}

export interface AddressFinding {
  readonly address: string;
  readonly outcome: 'open' | 'refused' | 'timeout' | 'failed';
  /** Error code of the system: `EHOSTUNREACH`; null without an error. */
  readonly code: string | null;
}

export type Tls =
  | { readonly kind: 'trusted'; readonly certificate: CertificateFinding }
  | {
      readonly kind: 'untrusted';
      readonly problem:
        | 'expired'
        | 'not-yet-valid'
        | 'wrong-host'
        | 'self-signed'
        | 'unknown-authority'
        | 'other';
      readonly code: string;
      readonly certificate: CertificateFinding;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly speaks: DetectedProtocol }
  | { readonly kind: 'timeout'; readonly millis: number }
  | { readonly kind: 'unreadable-file'; readonly path: string; readonly code: string };

export interface CertificateFinding {
  /** Names and addresses of the certificate: `DNS:localhost`. */
  readonly names: string;
  readonly issuer: string;
  /** In ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
}

/** The protocol of a port. */
export type DetectedProtocol =
  | { readonly kind: 'http/1.1' | 'http/2' | 'tls' | 'closes' | 'silent' }
  | { readonly kind: 'other'; readonly banner: string };

/** The outcome of sending the record. */
export type SendOutcome =
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'accepted'; readonly millis: number }
  | { readonly kind: 'partial'; readonly rejected: number; readonly message: string }
  /** A success that is not OTLP: a web page. */
  | { readonly kind: 'no-otlp'; readonly status: number; readonly contentType: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** Seconds that the server requests to wait before a retry; null if it does not. */
      readonly retryAfter: string | null;
      readonly location: string | null;
      /** The message of the server; empty if there is none. */
      readonly body: string;
      /** A URL that accepts the signal, if this one does not exist. */
      readonly worksAt: string | null;
      readonly speaks: DetectedProtocol | null;
    }
  | { readonly kind: 'grpc'; readonly status: number; readonly message: string }
  /** `status` is set if the server began to respond. */
  | { readonly kind: 'timeout'; readonly millis: number; readonly status: number | null }
  | { readonly kind: 'no-answer'; readonly code: string; readonly speaks: DetectedProtocol }
  /** The exporter failed without a response. */
  | { readonly kind: 'failed'; readonly message: string };

export type JaegerFinding = { readonly link: string } & (
  | { readonly kind: 'found'; readonly millis: number }
  | { readonly kind: 'not-found'; readonly millis: number }
  | { readonly kind: 'no-jaeger'; readonly status: number; readonly contentType: string }
  | { readonly kind: 'unreachable'; readonly code: string }
);
