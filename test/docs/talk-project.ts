import { exec, execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { promisify } from 'node:util';
import { STEPS_FOLDER } from '../../docs/talk/languages.ts';
import { buildPackages } from '../../release/build-packages.ts';
import { type Package, packages } from '../../release/packages.ts';
import { startLocalRegistry } from '../pack/local-registry.ts';
import { managerEnvironment } from '../pack/project.ts';
import { root } from '../support/app-command.ts';

const execute = promisify(exec);
const executeFile = promisify(execFile);

/** A folder in which the commands of the talk have installed the packages, in their published form. */
export interface TalkProject {
  readonly environment: Record<string, string>;
  /** The packages that are installed. */
  readonly dependencies: readonly string[];
  /** Copies the folder of a step. @returns the copy */
  copyStep(step: string, name: string): string;
  remove(): void;
}

/**
 * Builds and packs the packages, and installs them.
 * @param commands create a project in an empty folder, and install what the steps need
 */
export async function installTalk(commands: readonly string[]): Promise<TalkProject> {
  const parent = mkdtempSync(join(tmpdir(), 'talk-test-'));
  // Below the repository, where tsc finds the dependencies.
  const built = join(root, 'dist', `talk-test-${pid}`);
  const targetOf = ({ folder: name }: Package) => join(built, name);
  mkdirSync(built, { recursive: true });
  buildPackages(targetOf);
  const packed = packages.map(async (each) => {
    const args = ['pack', '--silent', '--pack-destination', parent];
    const { stdout } = await executeFile('npm', args, { cwd: targetOf(each) });
    const manifest = JSON.parse(readFileSync(join(targetOf(each), 'package.json'), 'utf8'));
    return { tarball: join(parent, stdout.trim()), manifest };
  });
  const registry = await startLocalRegistry(await Promise.all(packed));
  const environment = managerEnvironment(registry.url, parent);
  const folder = join(parent, 'todo');
  mkdirSync(folder);
  try {
    for (const command of commands) await execute(command, { cwd: folder, env: environment });
  } finally {
    registry.close();
  }
  rmSync(built, { recursive: true });

  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    dependencies: Object.keys(dependencies).sort(),
    environment: { ...environment, PATH: `${folder}/node_modules/.bin:${environment.PATH}` },
    copyStep(step, name) {
      const copy = join(folder, name);
      cpSync(join(root, STEPS_FOLDER, step), copy, { recursive: true });
      symlinkSync('../node_modules', join(copy, 'node_modules'));
      return copy;
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

interface StepManifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Reads the `package.json` of a step. */
export function readManifest(step: string): StepManifest {
  return JSON.parse(readFileSync(join(root, STEPS_FOLDER, step, 'package.json'), 'utf8'));
}
