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
  /** Allowed besides, with `import type` only. */
  readonly mayForTypes?: readonly string[];
}

const api = ['@opentelemetry/api', '@opentelemetry/api-logs'];

/** "Who may import whom". Arrows never point back. The first part that names a file counts. */
export const parts: readonly Part[] = [
  { files: 'src/index.ts', may: ['src/main.ts', 'runtimes/index.ts', 'node:process'] },
  { files: 'src/main.ts', may: ['src/', 'exporters/index.ts', 'package.json', 'node:process'] },
  { files: 'src/listen.ts', may: ['node:process'], mayForTypes: ['src/runtime.ts'] },
  { files: 'src/process-events.ts', may: ['node:process'] },
  {
    files: 'src/app.ts',
    may: ['src/http/', 'src/tasks/', 'hono'],
    mayForTypes: ['src/runtime.ts', 'src/tracing/index.ts'],
  },
  { files: 'src/http/api/openapi.ts', may: ['src/http/', 'package.json'] },
  // `node:net` for what it knows of addresses.
  {
    files: 'src/http/',
    may: ['src/tasks/', 'src/tracing/index.ts', 'hono', 'node:net', ...api],
    mayForTypes: ['src/runtime.ts'],
  },
  { files: 'src/tasks/', may: [] },
  // It runs in the browser, which has nothing else but what is bundled.
  { files: 'src/browser/', may: ['web-vitals'] },
  { files: 'src/database/', may: ['src/tasks/', 'drizzle-orm', 'node:'] },
  { files: 'src/tracing/', may: ['hono', '@opentelemetry/semantic-conventions', ...api] },
  {
    files: 'src/telemetry/',
    may: ['@opentelemetry/', 'node:'],
    mayForTypes: ['src/settings.ts'],
  },
  // The table, and how it is read: each part of the other.
  { files: 'src/settings.ts', may: ['src/settings/'] },
  { files: 'src/settings/', may: ['src/settings.ts', 'exporters/index.ts', 'node:'] },
  {
    files: 'src/doctor/',
    may: ['exporters/index.ts', '@opentelemetry/', 'node:'],
    mayForTypes: ['src/telemetry/exporter.ts', 'src/runtime.ts', 'src/settings/'],
  },
  { files: 'src/runtime.ts', may: [] },
  // The manifest has what an exporter sends as its name and version.
  {
    files: 'exporters/otlp/transport.ts',
    may: ['exporters/otlp/', '@opentelemetry/', 'package.json'],
    mayForTypes: ['src/'],
  },
  { files: 'exporters/', may: ['@opentelemetry/', 'node:'], mayForTypes: ['src/'] },
  {
    files: 'runtimes/index.ts',
    may: ['runtimes/', 'hono/adapter'],
    mayForTypes: ['src/runtime.ts'],
  },
  {
    files: 'runtimes/',
    may: ['node:', '@hono/node-server'],
    mayForTypes: ['src/runtime.ts'],
  },
];

/**
 * The imports of a file that its part may not have, each as a sentence.
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

/**
 * Whether one exporter reaches for another, or a runtime for another. `exporters/tree.ts` and what
 * lies in `exporters/tree/` are one; a folder without such a file is shared by all.
 */
function isSibling(path: string, target: string, paths: ReadonlySet<string>): boolean {
  const member = /^(exporters|runtimes)\/([^/.]+)/;
  const [, folder, name] = member.exec(path) ?? [];
  const [, targetFolder, targetName] = member.exec(target) ?? [];
  if (folder === undefined || folder !== targetFolder || name === 'index') return false;
  return name !== targetName && paths.has(`${targetFolder}/${targetName}.ts`);
}
