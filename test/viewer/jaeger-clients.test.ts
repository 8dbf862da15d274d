import { describe, expect, onTestFinished, test } from 'vitest';
import { deadlineIn } from '../../packages/opentelemetry-instrument/src/doctor/deadline.ts';
import { findInJaeger } from '../../packages/opentelemetry-instrument/src/doctor/send/find-in-jaeger.ts';
import { startViewer, type Viewer } from '../../packages/opentelemetry-viewer/src/index.ts';
import { examine } from '../instrument/doctor/run-doctor.ts';
import { checkSignals, sendSignals } from '../stack/check-stack.ts';
import { currentRuntime } from '../support/app-command.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { ADD_TRACE, handMadeSpans } from './hand-made-spans.ts';
import { grpcProblem } from './spawn-viewer.ts';

async function openViewer(): Promise<Viewer> {
  const viewer = await startViewer({ port: 0, otlp: { httpPort: 0, grpcPort: 0 }, notify() {} });
  onTestFinished(() => viewer.close());
  return viewer;
}

describe('the doctor', () => {
  test('finds its span in the viewer', async () => {
    const { url, otlpHttpUrl = '' } = await openViewer();
    const { exitCode, otlp } = await examine({ url: otlpHttpUrl, jaegerUrl: url });
    expect(otlp.jaeger).toMatchObject({ kind: 'found' });
    expect(exitCode).toBe(0);
  });

  test('waits for a trace that the viewer does not have yet', async () => {
    const viewer = await openViewer();
    setTimeout(() => viewer.addSpans(handMadeSpans), 300);
    const finding = await findInJaeger(viewer.url, ADD_TRACE, deadlineIn(5_000));
    expect(finding).toMatchObject({ kind: 'found', link: `${viewer.url}/trace/${ADD_TRACE}` });
    expect(finding.kind === 'found' && finding.millis).toBeGreaterThan(250);
  });

  test('recognizes the viewer as Jaeger when it does not have the trace', async () => {
    const { url } = await openViewer();
    const finding = await findInJaeger(url, ADD_TRACE, deadlineIn(400));
    expect(finding).toMatchObject({ kind: 'not-found' });
  });
});

describe('the checks of npm run test:stack', () => {
  test.for(PROTOCOLS)(
    'pass against the viewer over %s',
    { timeout: 60_000 },
    async (protocol, { skip }) => {
      skip(protocol === 'grpc' && grpcProblem !== undefined, grpcProblem);
      const { url, otlpHttpUrl = '', otlpGrpcUrl = '' } = await openViewer();
      const stack = {
        collector: otlpHttpUrl,
        collectorGrpc: otlpGrpcUrl,
        jaeger: url,
        patienceMs: 10_000,
      };
      expect(await checkSignals(stack, await sendSignals(stack, currentRuntime, protocol))).toEqual(
        {
          traces: { isGood: true, message: 'found in Jaeger' },
          metrics: { isGood: true, message: 'taken by the Collector' },
          logs: { isGood: true, message: 'taken by the Collector' },
        },
      );
    },
  );
});
