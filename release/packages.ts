import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that is published. */
export interface Package {
  readonly folder: string;
  /** Folder of its sources, within `folder`. */
  readonly sources: 'src' | '.';
  /** Name on JSR, which requires explicit types of everything that is exported. */
  readonly jsrName?: string;
  /** Folder of scripts for browsers, within `sources`: the package has them as a generated file. */
  readonly browserSources?: string;
  /** Modules that are published as bundles, because programs wait for them at their start. */
  readonly bundles?: readonly string[];
}

/** Manifest of a workspace. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export const repositoryRoot: string = join(import.meta.dirname, '..');

/** Every published package, in the order of their dependencies. A rules test compares it with the workspaces. */
export const packages: readonly Package[] = [
  {
    folder: 'packages/hono-opentelemetry',
    sources: 'src',
    jsrName: '@hono-opentelemetry/hono-opentelemetry',
  },
  {
    folder: 'exporters',
    sources: '.',
    jsrName: '@hono-opentelemetry/exporters',
  },
  // Not on JSR: the types of its settings are inferred from their table, which would have to repeat them.
  { folder: 'packages/opentelemetry-instrument', sources: 'src', bundles: ['register'] },
  // Not on JSR: it is a program that is started by npx.
  { folder: 'packages/opentelemetry-viewer', sources: 'src', browserSources: 'pages/browser' },
];

export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8'));
}
