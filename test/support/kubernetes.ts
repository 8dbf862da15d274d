import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './app-command.ts';
import { type InstallResult, installOnce } from './install-once.ts';

/** The objects of a kustomization, as `kubectl apply -k` would send them. */
export interface Rendered {
  readonly objects: readonly KubernetesObject[];
  /** Fields that Kubernetes does not know, and values of a wrong type. */
  readonly problems: readonly string[];
}

export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

const source = fileURLToPath(new URL('kubernetes/', import.meta.url));
const FILES = ['go.mod', 'go.sum', 'main.go'];

/** Reason why manifests cannot be checked; undefined if there is Go. */
export const noGo: string | undefined =
  spawnSync('go', ['version']).status === 0 ? undefined : 'Go is not installed';

/** Builds the program in kubernetes/, once: about two minutes on a machine without its modules. */
export function buildRenderer(): InstallResult {
  const key = FILES.map((file) => readFileSync(join(source, file), 'utf8')).join('\0');
  return installOnce('kubernetes', key, () => [
    ['cp', ...FILES.map((file) => join(source, file)), '.'],
    ['go', 'build', '-buildvcs=false', '-o', 'render', '.'],
  ]);
}

/**
 * Renders a kustomization and decodes its objects strictly.
 * @param folder relative to the repository
 * @throws with the program's message if it cannot be rendered
 */
export function renderKustomization(folder: string): Rendered {
  const renderer = buildRenderer();
  if ('problem' in renderer) throw new Error(renderer.problem);
  const { status, stdout, stderr } = spawnSync(
    join(renderer.folder, 'render'),
    [join(root, folder)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${folder} cannot be rendered: ${stderr}`);
  return JSON.parse(stdout);
}
