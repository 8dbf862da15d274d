#!/usr/bin/env node
import process from 'node:process';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { startViewer, type Viewer } from './index.ts';
import { runCommand } from './run-command.ts';

const HELP = `opentelemetry-viewer ${manifest.version}: a local OpenTelemetry Collector and trace viewer

  npx opentelemetry-viewer [flags] [-- command...]

  --port <port>        pages and Jaeger's query API, default 16686
  --http_port <port>   OTLP over HTTP, default 4318
  --grpc_port <port>   OTLP over gRPC, default 4317
  --save <file>        keep the traces of the newest five runs in a SQLite database
  --forward <url>      also send everything to another OTLP endpoint
  --allowed_hosts <host>,…   host names of requests, in addition to loopback names
  --help, --version

A command is started with OTEL_EXPORTER_OTLP_ENDPOINT set, and the viewer ends with it.
`;

/** Exit code of a wrong command line. */
const USAGE_ERROR = 2;

function readFlags(argv: readonly string[]) {
  const end = argv.indexOf('--');
  const { values } = parseArgs({
    args: end === -1 ? [...argv] : argv.slice(0, end),
    options: {
      port: { type: 'string', default: '16686' },
      http_port: { type: 'string', default: '4318' },
      grpc_port: { type: 'string', default: '4317' },
      save: { type: 'string' },
      forward: { type: 'string' },
      allowed_hosts: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
  if (values.forward !== undefined && !/^https?:\/\/./.test(values.forward)) {
    throw new Error(`--forward: "${values.forward}" is not an http:// or https:// URL`);
  }
  return {
    ...values,
    port: parsePort('port', values.port),
    httpPort: parsePort('http_port', values.http_port),
    grpcPort: parsePort('grpc_port', values.grpc_port),
    allowedHosts: values.allowed_hosts.split(',').filter(Boolean),
    command: end === -1 ? [] : argv.slice(end + 1),
  };
}

function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`--${flag}: "${text}" is not a port; use a whole number from 0 to 65535`);
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
  if (flags.version) return void process.stdout.write(`${manifest.version}\n`);
  const { port, httpPort, grpcPort, save, forward, allowedHosts, command } = flags;
  const otlp = { httpPort, grpcPort };
  const viewer = await startViewer({ port, otlp, save, forward, allowedHosts, notify });
  notify(`OTLP over HTTP on ${viewer.otlpHttpUrl}, over gRPC on ${viewer.otlpGrpcUrl}`);
  notify(`Viewer on ${viewer.url}`);
  if (command.length > 0) {
    const env = { ...process.env, ...exportVariables(viewer) };
    const end = await runCommand(command, env, notify);
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
