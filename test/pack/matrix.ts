import { readRepositoryFile } from '../support/repository-files.ts';

/** A line of OpenTelemetry: the packages that work together. */
export interface SdkLine {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** The test program with the names of this SDK version. */
  readonly program: string;
}

const program = readRepositoryFile('test/pack/kit-program.ts');

export const SDK_LINES: readonly SdkLine[] = [
  {
    name: 'api 1.9 and SDK 2.12',
    program,
    dependencies: {
      '@opentelemetry/api': '1.9.1',
      '@opentelemetry/api-logs': '0.223.1',
      '@opentelemetry/context-async-hooks': '2.12.1',
      '@opentelemetry/sdk-logs': '0.223.1',
      '@opentelemetry/sdk-metrics': '2.12.1',
      '@opentelemetry/sdk-trace-base': '2.12.1',
    },
  },
  {
    name: 'api 1.10 and SDK 3.1',
    program: program
      .replaceAll('@opentelemetry/api-logs', '@opentelemetry/api')
      .replaceAll('@opentelemetry/sdk-trace-base', '@opentelemetry/sdk-trace')
      .replaceAll('BasicTracerProvider', 'TracerProvider'),
    dependencies: {
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/context-async-hooks': '3.1.1',
      '@opentelemetry/sdk-logs': '3.1.1',
      '@opentelemetry/sdk-metrics': '3.1.1',
      '@opentelemetry/sdk-trace': '3.1.1',
    },
  },
];

const { dependencies } = JSON.parse(readRepositoryFile('package.json'));

/** The oldest Hono that the kit supports, and the one that the app uses. */
export const HONO_VERSIONS: readonly string[] = ['4.8.0', dependencies.hono];

/** The output of the test program on every runtime. */
export const EXPECTED_RECORDS = {
  spans: ['SELECT', 'GET /squares/:n', 'GET /fails'],
  traces: 2,
  durations: ['db.client.operation.duration: 1', 'http.server.request.duration: 2'],
  logs: ['http.server.request.exception'],
};
