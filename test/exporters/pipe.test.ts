import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const PROGRAM = 'test/support/programs/print-spans.ts';
const COUNT = 1_000; // some 500 kB, several times what a pipe holds

/** The options of this runtime; on Deno also without the permission to open special files. */
const variants = process.versions.deno
  ? ['run --allow-all', 'run --allow-net --allow-env --allow-read --allow-sys']
  : [''];

interface Run {
  readonly stdout: string;
  readonly written: number;
  readonly failed: number;
  readonly longestGapMillis: number;
  readonly errors: readonly string[];
}

/** Runs the program with a shell that redirects its output: `"$@" | tee`. */
async function run(
  script: string,
  command: readonly string[],
  { cwd = process.cwd(), pauseMillis = 0 } = {},
): Promise<Run> {
  const program = [...command, join(process.cwd(), PROGRAM), String(COUNT)];
  const child = spawn('sh', ['-c', script, 'sh', ...program], { cwd });
  let stdout = '';
  let stderr = '';
  const closed = new Promise((resolve) => child.on('close', resolve));
  setTimeout(() => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
  }, pauseMillis);
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  await closed;
  const report = stderr.split('\n').find((line) => line.startsWith('{'));
  if (!report) throw new Error(`The program reported nothing: ${stderr}`);
  return { stdout, ...JSON.parse(report) };
}

/** Returns the names of the spans, in order. Throws if a document is incomplete. */
function names(output: string): unknown[] {
  const documents = output.replaceAll('\n}\n{', '\n},\n{');
  return JSON.parse(`[${documents}]`).map((document: { name: unknown }) => document.name);
}

const all = Array.from({ length: COUNT }, (_, i) => `span ${i}`);

describe.skipIf(process.platform === 'win32').each(variants)('console on stdout %s', (variant) => {
  const command = [process.execPath, ...variant.split(' ').filter(Boolean)];

  test(`stdout ${variant}: a slow reader loses nothing and does not block the event loop`, async () => {
    const { stdout, ...outcome } = await run('"$@" | (sleep 2; cat)', command);
    expect(names(stdout)).toEqual(all);
    expect(outcome).toMatchObject({ written: COUNT, failed: 0, errors: [] });
    // A write that blocks the event loop does so for two seconds.
    expect(outcome.longestGapMillis).toBeLessThan(1_500);
  });

  test(`stdout ${variant}: records after a closed pipe (head) fail silently`, async () => {
    const { stdout, ...outcome } = await run('"$@" | head -c 10', command);
    expect(stdout).toBe('{\n    "nam');
    expect(outcome.written + outcome.failed).toBe(COUNT);
    expect(outcome.failed).toBeGreaterThan(0);
    expect(outcome.errors).toEqual([]);
  });

  test(`stdout ${variant}: a file keeps the shell's output before and after`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'console-'));
    try {
      const script = '(echo before; "$@"; echo after) > output.log';
      const outcome = await run(script, command, { cwd: folder });
      const lines = (await readFile(join(folder, 'output.log'), 'utf8')).split('\n');
      expect([lines[0], lines.at(-2)]).toEqual(['before', 'after']);
      expect(names(lines.slice(1, -2).join('\n'))).toEqual(all);
      expect(outcome).toMatchObject({ written: COUNT, failed: 0 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test(`stdout ${variant}: tee receives all records`, async () => {
    const { stdout, ...outcome } = await run('"$@" | tee /dev/null', command);
    expect(names(stdout)).toEqual(all);
    expect(outcome).toMatchObject({ written: COUNT, failed: 0 });
  });

  test(`stdout ${variant}: a socket, which Node passes as a pipe, receives all records`, async () => {
    // The parent reads nothing for the first two seconds.
    const { stdout, ...outcome } = await run('exec "$@"', command, { pauseMillis: 2_000 });
    expect(names(stdout)).toEqual(all);
    expect(outcome).toMatchObject({ written: COUNT, failed: 0 });
    expect(outcome.longestGapMillis).toBeLessThan(1_500);
  });
});
