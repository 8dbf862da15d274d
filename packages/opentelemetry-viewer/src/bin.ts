#!/usr/bin/env node
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { Viewer } from './index.ts';
import { runInViewer } from './run-command.ts';
import { VIEWER_VERSION } from './version.ts';

const HELP = `opentelemetry-viewer ${VIEWER_VERSION}: a local OpenTelemetry Collector and trace viewer

  npx opentelemetry-viewer [flags] [-- command...]

  --port <port>        pages and Jaeger's query API, default 16686
  --http_port <port>   OTLP over HTTP, default 4318
  --grpc_port <port>   OTLP over gRPC, default 4317
  --save <file>        keep the traces of the newest five runs in a SQLite database
  --forward <url>      also send everything to another OTLP endpoint
  --allowed_hosts <host>,…   host names of requests, in addition to loopback names

  --max_traces <count>           traces that are kept, default 10000
  --max_memory <MiB>             estimated memory of spans and log records, default 64
  --max_spans_per_trace <count>  spans that one trace may have, default 5000
  --max_logs <count>             log records that are kept, default 10000

  --help, --version

At a limit the oldest trace or log record is dropped. /status counts what was dropped.

A command is started with OTEL_EXPORTER_OTLP_ENDPOINT set, and the viewer ends with it.
`;

/**
 * Node lets the heap grow to four times of what is in use, and the space for new objects to 64 MiB. The viewer
 * drops old traces all the time, so it would fill all that. V8 reads these flags at each collection.
 */
const HEAP_FLAGS = ['--heap-growing-percent=50', '--semi-space-growth-factor=1'];

/** Exit code of a wrong command line. */
const USAGE_ERROR = 2;

function readFlags(argv: readonly string[]) {
  const end = argv.indexOf('--');
  const { values } = parseArgs({
    args: (end === -1 ? argv : argv.slice(0, end)).map(normalizeFlag),
    options: {
      port: { type: 'string', default: '16686' },
      http_port: { type: 'string', default: '4318' },
      grpc_port: { type: 'string', default: '4317' },
      save: { type: 'string' },
      forward: { type: 'string' },
      allowed_hosts: { type: 'string', default: '' },
      max_traces: { type: 'string', default: '10000' },
      max_memory: { type: 'string', default: '64' },
      max_spans_per_trace: { type: 'string', default: '5000' },
      max_logs: { type: 'string', default: '10000' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
  if (values.forward !== undefined && !isHttpUrl(values.forward)) {
    throw new Error(`--forward: "${values.forward}" is not an http:// or https:// URL`);
  }
  return {
    ...values,
    port: parsePort('port', values.port),
    httpPort: parsePort('http_port', values.http_port),
    grpcPort: parsePort('grpc_port', values.grpc_port),
    allowedHosts: values.allowed_hosts.split(',').filter(Boolean),
    limits: {
      maxTraces: parseCount('max_traces', values.max_traces),
      maxBytes: parseCount('max_memory', values.max_memory) * 1024 * 1024,
      maxSpansPerTrace: parseCount('max_spans_per_trace', values.max_spans_per_trace),
      maxLogs: parseCount('max_logs', values.max_logs),
    },
    command: end === -1 ? [] : argv.slice(end + 1),
  };
}

/** Accepts `--http-port` for `--http_port`, like the flags of the app. */
function normalizeFlag(argument: string): string {
  return argument.replace(/^--[^=]+/, (name) => `--${name.slice(2).replaceAll('-', '_')}`);
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`--${flag}: "${text}" is not a port; use a whole number from 0 to 65535`);
}

function parseCount(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${flag}: "${text}" is not a count; use a whole number from 1 to 999999999`);
}

function notify(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Returns the variables that make a program send its telemetry to the viewer. */
function exportVariables({ otlpHttpUrl = '', otlpGrpcUrl = '' }: Viewer) {
  const protocol = process.env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf';
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? otlpGrpcUrl : otlpHttpUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  };
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) return void process.stdout.write(HELP);
  if (flags.version) return void process.stdout.write(`${VIEWER_VERSION}\n`);
  const { httpPort, grpcPort, command, port, limits, save, forward, allowedHosts } = flags;
  const otlp = { httpPort, grpcPort };
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
  const { startViewer } = await import('./index.ts');
  const viewer = await startViewer({ port, otlp, limits, save, forward, allowedHosts, notify });
  notify(`OTLP over HTTP on ${viewer.otlpHttpUrl}, over gRPC on ${viewer.otlpGrpcUrl}`);
  notify(`Viewer on ${viewer.url}`);
  if (command.length > 0) {
    const env = { ...process.env, ...exportVariables(viewer) };
    const end = await runInViewer(command, env, notify);
    await viewer.close();
    end();
  } else {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, async () => {
        await viewer.close();
        process.exit(0);
      });
    }
  }
}

try {
  await main();
} catch (error) {
  notify(`opentelemetry-viewer: ${(error as Error).message}`);
  const isUsageError = String((error as { code?: string }).code ?? '').startsWith('ERR_PARSE_ARGS');
  process.exit(isUsageError || /^--/.test((error as Error).message) ? USAGE_ERROR : 1);
}
