import { createExporter as createConsole } from '../../exporters/console.ts';
import { createExporter as createTree } from '../../exporters/tree.ts';
import { describeExporter } from '../contracts/exporter.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';

describeExporter('console', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createConsole({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});

describeExporter('tree', async () => {
  const writer = createMemoryWriter();
  return {
    exporter: createTree({ writer }),
    arrived: () => writer.text,
    close: async () => {},
  };
});
