// Follows chapter 300 as a reader does, on each runtime, with the packages in their published form.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readText, steps } from '../../docs/talk/languages.ts';
import { RUN_COMMANDS } from '../pack/project.ts';
import { RUNTIME_NAMES, type RuntimeName } from '../support/app-command.ts';
import { noBrowser, useBrowser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { splitCommands } from './page.ts';
import { openTerminal, type Terminal } from './talk-program.ts';
import { installTalk, readManifest, type TalkProject } from './talk-project.ts';
import { maskOutput, readSections, type Section } from './talk-sections.ts';

const hasJq = spawnSync('jq', ['--version']).status === 0;
const sections = readSections(readText('docs/talk/300/README.md'));
const PORTS = ['3000', '4317', '4318', '9464', '16686'] as const;
const commands = sections.flatMap(commandsOf);
/** Commands that a reader runs once. `installTalk()` runs those of npm. */
const SETS_UP = /^(?:mkdir|cd|npm|docker) /;
const STARTS_PROGRAM = /\b(?:node|bun|deno run -A) app\.ts\b/;
/** These commands read a file, into which spans are written in batches. */
const READS_OUTPUT = hasJq ? /^(?:grep|jq) / : /^grep /;
/** Spans arrive in batches. */
const POLL = { timeout: 15_000 };

let project: TalkProject;
beforeAll(async () => {
  project = await installTalk(commands.filter((command) => command.startsWith('npm ')));
}, 240_000);
afterAll(() => project?.remove());
const openPage = noBrowser === undefined ? useBrowser() : undefined;

test('chapter 300 has a section for each step', () => {
  expect(sections.map(({ step }) => step)).toEqual(steps);
});

test('the last step names the packages that the commands have installed', () => {
  expect(Object.keys(readManifest('230-runtimes').dependencies)).toEqual(project.dependencies);
});

test.each(sections)('$step starts as its section does', (section) => {
  const { step } = section;
  const starting = commandsOf(section).filter((command) => /\bnode \w+\.ts\b/.test(command));
  const { start = '' } = readManifest(step).scripts;
  expect(starting.map((command) => command.replace(/^npx | \| tee .*/g, ''))).toEqual([start]);
});

describe.each(RUNTIME_NAMES)('on %s', (runtime) => {
  test.for(sections)(
    '$step prints what the page shows',
    { timeout: 60_000 },
    async (section, { skip }) => {
      const ports = new Map<string, string>();
      for (const port of PORTS) ports.set(port, String(await freePort()));
      const adapt = (text: string) =>
        PORTS.reduce((result, port) => result.replaceAll(port, ports.get(port) ?? ''), text);
      const folder = project.copyStep(section.step, `${runtime}-${section.step}`);
      const program = join(folder, section.step === '100-installation' ? 'check.ts' : 'app.ts');
      writeFileSync(program, adapt(readFileSync(program, 'utf8')));
      const terminal = openTerminal(folder, {
        ...project.environment,
        OTEL_EXPORTER_PROMETHEUS_PORT: ports.get('9464'),
        OTEL_BSP_SCHEDULE_DELAY: '100',
      });
      const url = `http://localhost:${ports.get('3000')}`;
      const viewer = `http://localhost:${ports.get('16686')}`;
      await using sink =
        section.step === '190-collector'
          ? await startOtlpSink(Number(ports.get('4318')))
          : undefined;
      try {
        let read: string | undefined;
        for (const block of section.blocks) {
          if (block.language === 'text' && read !== undefined) {
            expect(read).toBe(block.code.trim());
          } else if (block.language === 'text') {
            if (section.step === '200-browser') {
              if (openPage === undefined) return skip(noBrowser);
              await addTaskInBrowser(url, viewer, terminal);
            }
            await expectOutput(terminal, block.code, adapt);
          } else if (block.language === 'sh') {
            for (const command of splitCommands(block)) {
              read = await perform(command, runtime, terminal, adapt, url);
            }
          }
        }
        await sink?.waitFor(({ spans }) => spans.some(({ name }) => name === 'POST /tasks'));
      } finally {
        await terminal.stop();
      }
    },
  );
});

function commandsOf({ blocks }: Section): string[] {
  return blocks.filter(({ language }) => language === 'sh').flatMap(splitCommands);
}

/**
 * Runs a command of the page on a runtime, with the ports of the test.
 * @returns the output of a command that reads a file
 */
async function perform(
  command: string,
  runtime: RuntimeName,
  terminal: Terminal,
  adapt: (text: string) => string,
  url: string,
): Promise<string | undefined> {
  if (SETS_UP.test(command)) return;
  // The section about runtimes names all of them.
  const [, named] = /^(node|bun|deno) /.exec(command) ?? [];
  const adapted = adapt(command)
    .replace(/^curl /, 'curl -sS ')
    .replace(/\bnpx /, '')
    .replace(/\bnode (\w+\.ts)/, `${RUN_COMMANDS[runtime].join(' ')} $1`)
    .replace(
      'opentelemetry-viewer --',
      adapt('opentelemetry-viewer --port 16686 --http_port 4318 --grpc_port 4317 --'),
    );
  if (READS_OUTPUT.test(command)) {
    return vi.waitUntil(async () => (await terminal.run(adapted)).trim(), POLL);
  }
  if (command.includes('localhost:16686')) {
    await expect.poll(() => terminal.run(adapted), POLL).not.toContain('not found');
  } else if (!STARTS_PROGRAM.test(command)) await terminal.run(adapted);
  else if (named === undefined || named === 'node' || named === runtime) {
    await terminal.start(adapted, Number(new URL(url).port));
  }
}

async function addTaskInBrowser(url: string, viewer: string, terminal: Terminal): Promise<void> {
  const { page, complaints } = await (openPage?.(url) ?? Promise.reject(new Error(noBrowser)));
  await page.getByRole('textbox').fill('bread');
  await page.getByRole('button').click();
  await page.getByRole('listitem').getByText('bread').waitFor();
  // The browser asks for an icon, which the app does not have.
  expect((await complaints()).filter((each) => !each.includes('404'))).toEqual([]);
  const headers = { Accept: 'text/plain' };
  const find = async () => {
    const list = await (await fetch(viewer, { headers })).text();
    return /^(\w+) .*add task$/m.exec(list)?.[1];
  };
  await expect.poll(find).toBeDefined();
  await terminal.run(`curl -sS -H 'Accept: text/plain' ${viewer}/trace/${await find()}`);
  await page.context().close();
}

/** Waits until the terminal shows an output of the page, apart from IDs and times. */
async function expectOutput(
  terminal: Terminal,
  expected: string,
  adapt: (text: string) => string,
): Promise<void> {
  await expect
    .poll(() => terminal.outputs.map(maskOutput).join('\n'), POLL)
    .toContain(maskOutput(adapt(expected)));
}
