import { posix } from 'node:path';
import type { RepositoryFile } from '../support/repository-files.ts';
import { readSource } from './read-source.ts';

/**
 * One part of the program and what it may import. `src/http/` is a folder, `src/app.ts` a file,
 * `hono` a package with all that it exports, `node:` and `@opentelemetry/` all that begin so.
 * A folder may always import itself.
 */
interface Part {
  readonly files: string;
  readonly may: readonly string[];
  /** Also allowed, with `import type` only. */
  readonly mayForTypes?: readonly string[];
}

const api = ['@opentelemetry/api', '@opentelemetry/api-logs'];
const settings = 'opentelemetry-instrument/settings';

/** The allowed imports of each part. Arrows never point back. The first part that names a file counts. */
export const parts: readonly Part[] = [
  // The app.
  { files: 'src/index.ts', may: ['src/run.ts', 'todo-runtimes', 'node:process'] },
  {
    files: 'src/run.ts',
    may: [
      'src/',
      'package.json',
      'node:process',
      'hono-opentelemetry',
      'opentelemetry-instrument',
      'opentelemetry-instrument-exporters',
    ],
    mayForTypes: ['todo-runtimes'],
  },
  {
    files: 'src/program.ts',
    may: [
      'src/',
      'package.json',
      'hono-opentelemetry',
      'opentelemetry-instrument',
      'opentelemetry-instrument-exporters',
    ],
    mayForTypes: ['todo-runtimes'],
  },
  {
    files: 'src/worker.ts',
    may: [
      'src/',
      'hono-opentelemetry',
      'opentelemetry-instrument/settings',
      'opentelemetry-instrument/workers',
      'opentelemetry-instrument-exporters/hosts',
      'todo-runtimes/workers',
    ],
  },
  {
    files: 'src/configure-app.ts',
    may: ['src/', 'hono-opentelemetry'],
    mayForTypes: ['hono', 'todo-runtimes'],
  },
  { files: 'src/resource.ts', may: ['src/version.ts'] },
  { files: 'src/version.ts', may: [] },
  {
    files: 'src/viewer.ts',
    may: ['src/settings/', 'opentelemetry-viewer', 'opentelemetry-instrument-exporters'],
  },
  {
    files: 'src/settings/',
    may: [settings, 'opentelemetry-instrument-exporters/hosts', 'hono/utils/ipaddr'],
  },
  { files: 'src/messages.ts', may: ['node:process', 'opentelemetry-instrument-exporters'] },
  {
    files: 'src/help-text.ts',
    may: ['src/settings/', settings, 'opentelemetry-instrument-exporters'],
  },
  { files: 'src/npm-arguments.ts', may: [settings] },
  { files: 'src/listen.ts', may: ['node:process'], mayForTypes: ['todo-runtimes'] },
  { files: 'src/process-events.ts', may: ['node:process'] },
  {
    files: 'src/app.ts',
    may: ['src/http/', 'src/tasks/', 'hono'],
    mayForTypes: ['todo-runtimes', 'hono-opentelemetry'],
  },
  { files: 'src/http/api/openapi.ts', may: ['src/http/', 'src/version.ts'] },
  {
    files: 'src/http/otlp-intake/',
    may: [
      'src/http/',
      'src/version.ts',
      'hono',
      'hono-opentelemetry',
      'opentelemetry-instrument/intake',
      ...api,
    ],
  },
  {
    files: 'src/http/',
    may: [
      'src/tasks/',
      'hono-opentelemetry',
      'opentelemetry-instrument-exporters/hosts',
      'hono',
      ...api,
    ],
    mayForTypes: ['todo-runtimes'],
  },
  { files: 'src/tasks/', may: [] },
  // It runs in the browser, which has nothing else but what is bundled.
  { files: 'src/browser/', may: ['web-vitals'] },
  { files: 'src/database/', may: ['src/tasks/', 'drizzle-orm', 'pg', 'node:'] },
  // The packages. None imports the app.
  {
    files: 'packages/hono-opentelemetry/src/testing/',
    may: ['node:async_hooks', '@opentelemetry/semantic-conventions', '@opentelemetry/api'],
  },
  {
    files: 'packages/hono-opentelemetry/src/',
    may: ['hono', '@opentelemetry/semantic-conventions', '@opentelemetry/api'],
  },
  // The only user of the parser, which is loaded only for a configuration file.
  {
    files: 'packages/opentelemetry-instrument/src/settings/config-file/',
    may: [
      'packages/opentelemetry-instrument/src/settings/',
      'packages/opentelemetry-instrument/src/error-code.ts',
      '@opentelemetry/sdk-metrics',
      'node:fs',
      'yaml',
    ],
    mayForTypes: ['@opentelemetry/api', 'opentelemetry-instrument-exporters'],
  },
  {
    files: 'packages/opentelemetry-instrument/src/settings/',
    may: [
      'packages/opentelemetry-instrument/src/error-code.ts',
      'node:fs',
      'node:net',
      'node:util',
      'opentelemetry-instrument-exporters',
    ],
    mayForTypes: ['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  },
  {
    files: 'packages/opentelemetry-instrument/src/',
    may: ['@opentelemetry/', 'node:', 'opentelemetry-instrument-exporters'],
  },
  { files: 'packages/opentelemetry-viewer/src/pages/browser/', may: [] },
  {
    files: 'packages/opentelemetry-viewer/src/pages/',
    may: [
      'packages/opentelemetry-viewer/src/store/',
      'opentelemetry-instrument-exporters',
      'hono',
      '@opentelemetry/',
    ],
  },
  {
    files: 'packages/opentelemetry-viewer/src/store/',
    may: ['@opentelemetry/', 'node:sqlite', 'opentelemetry-instrument-exporters'],
  },
  {
    files: 'packages/opentelemetry-viewer/src/receiver/',
    may: [
      'packages/opentelemetry-viewer/src/store/',
      'packages/opentelemetry-viewer/src/server/',
      'opentelemetry-instrument-exporters',
      'hono',
      'node:',
      '@opentelemetry/',
    ],
  },
  {
    files: 'packages/opentelemetry-viewer/src/jaeger-api/',
    may: [
      'packages/opentelemetry-viewer/src/store/',
      'opentelemetry-instrument-exporters',
      'hono',
      '@opentelemetry/',
    ],
  },
  {
    files: 'packages/opentelemetry-viewer/src/',
    may: [
      'opentelemetry-instrument-exporters',
      '@hono/node-server',
      'hono',
      'node:',
      '@opentelemetry/',
    ],
  },
  { files: 'runtimes/index.ts', may: ['runtimes/', 'hono/adapter'] },
  { files: 'runtimes/', may: ['node:', '@hono/node-server'] },
  { files: 'exporters/exporter.ts', may: ['@opentelemetry/'] },
  { files: 'exporters/', may: ['@opentelemetry/', 'node:'] },
];

/**
 * Finds the imports of a file that its part may not have.
 * @param paths of all files of the program
 */
export function importBreaches(
  { path, text }: RepositoryFile,
  paths: ReadonlySet<string>,
): string[] {
  const part = parts.find(({ files }) => covers(files, path));
  if (!part) return [`${path} belongs to no part of the program: say in import-rules.ts to which`];

  return readSource(path, text).imports.flatMap(({ specifier, isType }) => {
    if (specifier === undefined) return [`${path} has an import() whose target is computed`];
    const target = resolve(path, specifier);
    const allowed = [part.files, ...part.may, ...(isType ? (part.mayForTypes ?? []) : [])];
    const isAllowed =
      allowed.some((each) => covers(each, target)) && !isSibling(path, target, paths);
    return isAllowed ? [] : [`${path} may not import ${specifier}`];
  });
}

function resolve(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

function covers(allowed: string, target: string): boolean {
  const isPrefix = allowed.endsWith('/') || allowed.endsWith(':');
  return target === allowed || target.startsWith(isPrefix ? allowed : `${allowed}/`);
}

/** The interfaces that every member of a folder implements, and the options that they share. */
export const ports: ReadonlySet<string> = new Set([
  'exporters/exporter.ts',
  'exporters/options.ts',
  'runtimes/runtime.ts',
]);

/**
 * Returns whether one exporter imports another, or one runtime another. `exporters/tree.ts` and the folder
 * `exporters/tree/` are one exporter; a folder without such a file is shared by all.
 */
function isSibling(path: string, target: string, paths: ReadonlySet<string>): boolean {
  const member = /^(exporters|runtimes)\/([^/.]+)/;
  const [, folder, name] = member.exec(path) ?? [];
  const [, targetFolder, targetName] = member.exec(target) ?? [];
  if (folder === undefined || folder !== targetFolder || name === 'index') return false;
  return (
    name !== targetName &&
    !ports.has(`${targetFolder}/${targetName}.ts`) &&
    !ports.has(path) &&
    paths.has(`${targetFolder}/${targetName}.ts`)
  );
}
