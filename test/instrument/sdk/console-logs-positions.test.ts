import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCodeAttributes } from '../../../packages/opentelemetry-instrument/src/sdk/console/call-site.ts';
import { currentRuntime, root } from '../../support/app-command.ts';
import { buildBundle } from '../../support/build-bundle.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const program = join(root, 'test/support/programs/log-to-console.ts');
const lines = readFileSync(program, 'utf8').split('\n');
const directory = useTemporaryDirectory();

interface RecordedLog {
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isInSpan: boolean;
}

/** Runs test/support/programs/log-to-console.ts, or the bundle of it, to its end. */
function run(mode: 'plain' | 'recorded' | 'redirected', file = program, flags: string[] = []) {
  const records = directory.newPath();
  const command = currentRuntime === 'deno' ? ['run', '-A'] : flags;
  const { stdout, stderr, status } = spawnSync(execPath, [...command, file, mode, records], {
    encoding: 'utf8',
    cwd: directory.path,
  });
  expect(status, stderr).toBe(0);
  const logs: readonly RecordedLog[] = JSON.parse(readFileSync(records, 'utf8'));
  return { stdout, stderr, logs };
}

/** Returns the attributes of the only record with such a body. */
function position(logs: readonly RecordedLog[], body: string): Readonly<Record<string, unknown>> {
  const found = logs.filter((log) => log.body.includes(body));
  expect(found).toHaveLength(1);
  return found[0]?.attributes ?? {};
}

/** Returns the attributes of a position in the program, found by its text. */
function at(text: string, functionName?: string) {
  const line = lines.findIndex((each) => each.includes(text)) + 1;
  expect(line).toBeGreaterThan(0);
  return {
    'code.file.path': program,
    'code.line.number': line,
    ...(functionName && { 'code.function.name': functionName }),
  };
}

function expectPositions(logs: readonly RecordedLog[]): void {
  expect(position(logs, 'at the top')).toEqual(at("'at the top'"));
  expect(position(logs, 'in a function')).toEqual(at("'in a function'", 'logTask'));
  expect(position(logs, 'in a method')).toEqual(at("'in a method'", 'add'));
  expect(position(logs, 'taken out')).toEqual(at("'taken out'"));
  expect(position(logs, 'called on nothing')).toEqual(at("'called on nothing'"));
  expect(position(logs, 'by forEach()')).toEqual(at("'by forEach()'"));
  expect(position(logs, 'in a span')).toEqual(at("'in a span'"));
  expect(position(logs, 'after an await')).toEqual(at("'after an await'"));
  expect(position(logs, 'from a timer')).toEqual({});
}

describe(`instrumentConsole() in a program of its own, on ${currentRuntime}`, () => {
  test('names file, line and function of each call', () => {
    const { logs } = run('recorded');
    expectPositions(logs);
    // JavaScriptCore turns it into a tail call and drops the frame of the caller.
    expect(position(logs, 'in tail position')).toEqual(
      currentRuntime === 'bun'
        ? at('inTailPosition();')
        : at("'in tail position'", 'inTailPosition'),
    );
  });

  test('finds the active span', () => {
    const { logs } = run('recorded');
    expect(logs.filter(({ isInSpan }) => isInSpan).map(({ body }) => body)).toEqual(['in a span']);
  });

  test('makes no records of table(), group(), count(), dir() and assert()', () => {
    const { logs } = run('recorded');
    expect(logs).toHaveLength(10);
    expect(logs.map(({ body }) => body).join('\n')).not.toMatch(/group|count|assertion|index/);
  });

  test('does not change the printed text', () => {
    const plain = run('plain');
    const recorded = run('recorded');
    expect(plain.logs).toEqual([]);
    expect(plain.stdout).toContain('at the top');
    expect(plain.stderr).toContain('called on nothing');
    expect(recorded.stdout).toBe(plain.stdout);
    expect(recorded.stderr).toBe(plain.stderr);
  });

  test('shows everything on stderr, once, when it is redirected', () => {
    const { stdout, stderr, logs } = run('redirected');
    expect(stdout).toBe('');
    expectPositions(logs);
    const shown = [...logs.map(({ body }) => body), 'group', '(index)', 'count: 1', '{ a: 1 }'];
    for (const text of [...shown, 'Assertion failed: assertion']) {
      expect(stderr.split(text), text).toHaveLength(2);
    }
  });
});

// dist/node.js is for Node alone.
describe.skipIf(currentRuntime !== 'node')(
  'instrumentConsole() in a bundle (for Node alone)',
  () => {
    const bundle = join(directory.path, 'dist/bundle.js');
    const map = `${bundle}.map`;
    beforeAll(() => buildBundle(program, bundle));

    test('names file, line and function in the sources', () => {
      const { logs } = run('recorded', bundle);
      expectPositions(logs);
      expect(position(logs, 'in tail position')).toEqual(
        at("'in tail position'", 'inTailPosition'),
      );
    });

    test('names them with --enable-source-maps as well', () => {
      expectPositions(run('recorded', bundle, ['--enable-source-maps']).logs);
    });

    test('names the place in the bundle when the map is not there', () => {
      const text = readFileSync(map, 'utf8');
      rmSync(map);
      try {
        const { logs, stderr } = run('recorded', bundle);
        const found = position(logs, 'in a function');
        const line = readFileSync(bundle, 'utf8').split('\n')[
          Number(found['code.line.number']) - 1
        ];
        expect(line).toContain('in a function');
        expect(found).toMatchObject({
          'code.file.path': bundle,
          'code.function.name': 'logTask',
        });
        expect(stderr).toBe(run('plain', bundle).stderr);
      } finally {
        writeFileSync(map, text);
      }
    });

    test('has a map with relative paths and no sources', () => {
      const { sources, sourcesContent } = JSON.parse(readFileSync(map, 'utf8'));
      expect(sources.length).toBeGreaterThan(10);
      expect(sources.filter((path: string) => !path.startsWith('../'))).toEqual([]);
      expect(sourcesContent).toBeUndefined();
    });
  },
);

describe('createCodeAttributes()', () => {
  const bundle = join(directory.path, 'with %20 blank', 'app.js');
  const site = (scriptName: string, functionName = '', lineNumber = 1) => ({
    scriptName,
    scriptId: '1',
    functionName,
    lineNumber,
    columnNumber: 1,
  });
  /** Line 1 of the bundle is line 3 of its source. */
  const firstLine = { version: 3, sources: ['../src/app.ts'], names: [], mappings: 'AAEA' };

  function codeAttributes(...sites: Parameters<ReturnType<typeof createCodeAttributes>>[0]) {
    return createCodeAttributes(bundle)(sites);
  }
  function writeMap(text: string): void {
    mkdirSync(join(bundle, '..'), { recursive: true });
    writeFileSync(`${bundle}.map`, text);
  }

  test('reads URLs and paths', () => {
    const expected = { 'code.file.path': '/a b/c%20d.ts', 'code.line.number': 7 };
    const url = pathToFileURL('/a b/c%20d.ts').href;
    expect(codeAttributes(site(url, '', 7))).toEqual(expected);
    expect(codeAttributes(site('/a b/c%20d.ts', '', 7))).toEqual(expected);
  });

  test.each(['node:events', 'ext:core/01_core.js', '[native code]', '[unknown]', ''])(
    'passes over %j',
    (runtimes) => {
      expect(codeAttributes(site(runtimes, 'emit'), site('/a.ts', 'run'))).toEqual({
        'code.file.path': '/a.ts',
        'code.line.number': 1,
        'code.function.name': 'run',
      });
      expect(codeAttributes(site(runtimes, 'emit'))).toEqual({});
    },
  );

  test('names a function of a bundle as in its sources', () => {
    writeMap(JSON.stringify(firstLine));
    const [path, name] = ['code.file.path', 'code.function.name'];
    const source = join(directory.path, 'src/app.ts');
    expect(codeAttributes(site(bundle, 'format$1'))).toMatchObject({
      [path]: source,
      'code.line.number': 3,
      [name]: 'format',
    });
    expect(codeAttributes(site('/other.js', 'format$1'))).toMatchObject({ [name]: 'format$1' });
  });

  test.each(['', '{', 'null', '{"version":3}', '{"version":3,"sources":[],"mappings":"????"}'])(
    'names the place in the bundle when the map is %j',
    (text) => {
      writeMap(text);
      expect(codeAttributes(site(bundle, 'run'))).toEqual({
        'code.file.path': bundle,
        'code.line.number': 1,
        'code.function.name': 'run',
      });
    },
  );
});
