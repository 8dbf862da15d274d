import { expect, onTestFinished, test } from 'vitest';
import { startViewer, type Viewer } from '../../packages/opentelemetry-viewer/src/start-viewer.ts';
import { freePort } from '../support/free-port.ts';
import { openOtlp, send } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';
import { grpcProblem } from './spawn-viewer.ts';

interface ForwardingViewer extends Viewer {
  readonly messages: readonly string[];
}

async function startForwarding(forward: string, httpPort = 0): Promise<ForwardingViewer> {
  const messages: string[] = [];
  const notify = (message: string) => void messages.push(message);
  const viewer = await startViewer({ port: 0, otlp: { httpPort, grpcPort: 0 }, forward, notify });
  onTestFinished(() => viewer.close());
  return { ...viewer, messages };
}

const milk = () => recordSpans((tracer) => tracer.startSpan('milk').end());

test('two viewers that forward to each other do so once', async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const second = await startForwarding(url);
  const first = await startForwarding(second.otlpHttpUrl ?? '', port);
  await send(await openOtlp('http/protobuf', url), 'traces', milk());
  await expect
    .poll(() => second.messages)
    .toEqual([`Records that another viewer has forwarded are kept, and not forwarded to ${url}.`]);
  expect(second.store.stats()).toMatchObject({ spans: 1 });
  expect(first.store.stats()).toMatchObject({ spans: 1 });
});

test.for(PROTOCOLS)(
  'a forwarded request over %s is not forwarded again',
  async (protocol, { skip }) => {
    skip(protocol === 'grpc' && grpcProblem !== undefined, grpcProblem);
    // A forwarded record would be a message: nothing listens on the port of TCP services.
    const { messages, store, ...viewer } = await startForwarding('http://localhost:1');
    const url = protocol === 'grpc' ? viewer.otlpGrpcUrl : viewer.otlpHttpUrl;
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'via=1.1%20opentelemetry-viewer' };
    await send(await openOtlp(protocol, url ?? '', headers), 'traces', milk());
    expect(store.stats()).toMatchObject({ spans: 1 });
    expect(messages).toEqual([expect.stringContaining('are kept, and not forwarded')]);
  },
);
