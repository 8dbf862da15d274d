import { Buffer } from 'node:buffer';
import { createConsoleExporter } from '../../exporters/console.ts';
import { createTreeExporter } from '../../exporters/tree.ts';
import { testExporter } from '../contracts/exporter.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';
import { openOtlp, startSink } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';

testExporter('console', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createConsoleExporter({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});

testExporter('tree', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createTreeExporter({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});

for (const protocol of PROTOCOLS) {
  testExporter(`otlp, ${protocol}`, async () => {
    const sink = await startSink(protocol);
    return {
      exporter: await openOtlp(protocol, sink.url),
      arrived: () => sink.requests.map(({ body }) => Buffer.from(body).toString('latin1')).join(),
      close: () => sink.close(),
    };
  });
}
