import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../settings/effective-settings.ts';

/** What `doctor --json` prints. Keys are added, never renamed; so are values of `kind`. */
export interface Diagnosis {
  /** Of the program. */
  readonly version: string;
  /** Whether all that is sent anywhere arrives, and something is sent. */
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
  /** Whether the runtime exports by itself (`OTEL_DENO`), so that the program's exporters are off. */
  readonly hasOwnTelemetry: boolean;
  readonly apiVersion: string;
  readonly sdkVersion: string;
  /**
   * Version of the API that something in this process has registered with before; null when nothing
   * has. A second copy of the API that has registered nothing leaves no trace and is not noticed.
   */
  readonly registeredApiVersion: string | null;
  /** What is registered already, so that the program's own SDK stays off: `trace`, `metrics`. */
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

/** Why something does not arrive. Both are whole sentences. */
export interface Cause {
  readonly because: string;
  /** What to do about it. */
  readonly change: string;
}

export type Destination =
  | { readonly kind: 'output'; readonly exporter: string; readonly to: string }
  /** An exporter that the doctor knows no way to check. */
  | { readonly kind: 'unchecked'; readonly exporter: string; readonly to: string }
  | FetchedDestination
  | { readonly kind: 'unavailable'; readonly exporter: string; readonly cause: Cause }
  | OtlpDestination;

/** Metrics that Prometheus fetches from this machine, if it does: that end is not known here. */
export interface FetchedDestination {
  readonly kind: 'fetched';
  readonly exporter: string;
  readonly url: string;
  /**
   * Who shows metrics there: the doctor, in the app's place; another program, as a rule the app itself,
   * which runs; or nobody.
   */
  readonly shownBy: 'doctor' | 'another' | null;
  /** null when they are shown. */
  readonly cause: Cause | null;
}

export interface OtlpDestination {
  readonly kind: 'otlp';
  readonly exporter: string;
  /** As it is used, but without passwords. */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  /** Names only. */
  readonly headers: readonly string[];
  /** Value of the attribute `doctor.id` of the record that was sent. */
  readonly id: string;
  readonly connection: Connection;
  readonly answer: Answer;
  /** null when the record has arrived. */
  readonly cause: Cause | null;
  /** Only where a span was accepted and Jaeger's URL is known. */
  readonly jaeger: JaegerFinding | null;
}

/** How far the way to the other end's port is open. */
export type Connection =
  | { readonly kind: 'unknown-host'; readonly host: string; readonly code: string }
  | { readonly kind: 'lookup-timeout'; readonly host: string; readonly millis: number }
  | (Reached & {
      readonly kind: 'refused';
      /** The other one of OTLP's two ports, 4317 and 4318, when something listens there. */
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
  /** Of the system: `EHOSTUNREACH`; null when there was no error. */
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
  | { readonly kind: 'failed'; readonly code: string; readonly speaks: Speaks }
  | { readonly kind: 'timeout'; readonly millis: number }
  | { readonly kind: 'unreadable-file'; readonly path: string; readonly code: string };

export interface CertificateFinding {
  /** Names and addresses that it is for: `DNS:localhost`. */
  readonly names: string;
  readonly issuer: string;
  /** ISO 8601; the same for the other. */
  readonly validFrom: string;
  readonly validTo: string;
}

/** What a port turns out to speak. */
export type Speaks =
  | { readonly kind: 'http/1.1' | 'http/2' | 'tls' | 'closes' | 'silent' }
  | { readonly kind: 'other'; readonly banner: string };

/** What became of the record that was sent. */
export type Answer =
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'accepted'; readonly millis: number }
  | { readonly kind: 'partial'; readonly rejected: number; readonly message: string }
  /** A success of something that is no OTLP receiver: a web page. */
  | { readonly kind: 'no-otlp'; readonly status: number; readonly contentType: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** Headers; null where the answer has none. */
      readonly retryAfter: string | null;
      readonly location: string | null;
      readonly body: string;
      /** A URL that takes the signal, tried because this one does not exist. */
      readonly worksAt: string | null;
      readonly speaks: Speaks | null;
    }
  | { readonly kind: 'grpc'; readonly status: number; readonly message: string }
  /** `status` is there when the other end began to answer and never finished. */
  | { readonly kind: 'timeout'; readonly millis: number; readonly status: number | null }
  | { readonly kind: 'no-answer'; readonly code: string; readonly speaks: Speaks }
  /** The exporter failed by itself. */
  | { readonly kind: 'failed'; readonly message: string };

export type JaegerFinding = { readonly link: string } & (
  | { readonly kind: 'found'; readonly millis: number }
  | { readonly kind: 'not-found'; readonly millis: number }
  | { readonly kind: 'no-jaeger'; readonly status: number; readonly contentType: string }
  | { readonly kind: 'unreachable'; readonly code: string }
);
