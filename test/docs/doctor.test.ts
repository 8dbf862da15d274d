import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { freePort } from '../support/free-port.ts';
import { readBlocks } from './page.ts';

test("docs/doctor.md shows the doctor's output without a collector", async () => {
  const [report] = readBlocks('docs/doctor.md').filter(({ language }) => language === '');
  const port = await freePort();
  const { stdout, status } = spawnSync(
    join(root, 'node_modules/.bin/node'),
    ['src/index.ts', 'doctor', '--otlp'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}` },
    },
  );
  expect(status).toBe(1);
  // A port of five digits can move a word to the next line.
  const words = (text: string) =>
    text.replaceAll(String(port), '4318').replaceAll(/\s+/g, ' ').trim();
  expect(words(stdout)).toContain(words(report?.code ?? 'no report'));
});
