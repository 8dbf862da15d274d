import { Buffer } from 'node:buffer';
import process from 'node:process';
import { createExporter as createConsole } from '../../exporters/console.ts';
import { createExporter as createOtlp } from '../../exporters/otlp.ts';
import { createExporter as createTree } from '../../exporters/tree.ts';
import { testExporter } from '../contracts/exporter.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';

testExporter('console', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createConsole({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});

testExporter('tree', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createTree({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});

testExporter(
  'otlp',
  async () => {
    const sink = await startOtlpSink();
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = sink.url;
    return {
      exporter: createOtlp(),
      arrived: () => sink.requests.map(({ body }) => Buffer.from(body).toString('latin1')).join(),
      async close() {
        delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
        await sink.close();
      },
    };
  },
  {
    afterShutdown: "the SDK's OTLP exporters send on; its processors stop before them",
    oddValues: "the SDK's serializer throws at a circular value, which trackDelivery() survives",
  },
);
