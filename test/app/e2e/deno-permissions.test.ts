import { expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { runApp } from '../../support/spawned-app.ts';

const deno = (flags: string) => `exec deno run -A ${flags}`;

// Deno's error has no code: the others report EACCES, which a test as root cannot provoke.
test.skipIf(currentRuntime !== 'deno').each([
  [deno('--deny-read=.env src/index.ts'), '.env: the file'],
  [deno('--deny-read=no.yaml src/index.ts --config_file no.yaml'), '--config_file: "no.yaml"'],
  [
    deno('--deny-read=ca.pem src/index.ts --otlp --exporter_otlp_certificate ca.pem'),
    '--exporter_otlp_certificate: "ca.pem"',
  ],
])('a file that Deno may not read is reported with the reason: %s', async (command, file) => {
  const { code, stderr } = await runApp({ command });
  expect(code).toBe(2);
  expect(stderr).toContain(`${file} cannot be read (NotCapable); `);
});
