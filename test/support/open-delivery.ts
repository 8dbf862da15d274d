import type { OtlpProtocol } from '../../exporters/index.ts';
import { createDelivery } from '../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';
import { createLossReport } from '../../packages/opentelemetry-instrument/src/sdk/export-stats/loss-report.ts';
import { trackDelivery } from '../../packages/opentelemetry-instrument/src/sdk/export-stats/track-delivery.ts';
import { openOtlp } from './otlp-protocols.ts';
import type { recordSpans } from './sdk-records.ts';

/** Opens the exporter `otlp` for spans, and counts their delivery. */
export async function openDelivery(
  protocol: OtlpProtocol,
  url: string,
  variables: Readonly<Record<string, string>> = {},
) {
  const messages: string[] = [];
  const delivery = createDelivery(
    'traces',
    createLossReport('otlp', (message) => messages.push(message)),
  );
  const exporter = (await openOtlp(protocol, url, variables)).traces();
  if (exporter === null) throw new Error('There are no traces');
  const count = (batch: readonly unknown[]) => batch.length;
  const spans = trackDelivery(exporter, delivery, count, 60_000);
  return {
    /** Reports of losses. */
    messages,
    delivery,
    /** Sends a batch, and resolves when its outcome is known. */
    async send(batch: ReturnType<typeof recordSpans>): Promise<void> {
      delivery.create(batch.length);
      await new Promise((resolve) => spans.export(batch, resolve));
    },
    shutdown: () => spans.shutdown(),
  };
}
