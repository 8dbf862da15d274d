// `npm run release:dry-run`: everything that a release does, except that nothing is published.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readArguments } from '../script-arguments.ts';
import { buildPackages, distFolder } from './build-packages.ts';
import { jsrManifest } from './jsr-manifest.ts';
import { packages, readManifest, repositoryRoot } from './packages.ts';

readArguments({});
const bin = join(repositoryRoot, 'node_modules/.bin');
// Outside of the repository, whose .gitignore would hide the files, and so that nothing is left over.
const folder = mkdtempSync(join(tmpdir(), 'release-'));
const env = { ...process.env, DENO_DIR: join(folder, 'deno') };

function run(cwd: string, command: string, ...args: string[]): void {
  process.stdout.write(`\n$ ${command} ${args.join(' ')}\n`);
  execFileSync(command, args, { cwd, env, stdio: 'inherit', timeout: 300_000 });
}

try {
  buildPackages(distFolder);
  for (const each of packages) {
    const { jsrName } = each;
    const manifest = readManifest(each.folder);
    const dist = distFolder(each);
    run(dist, join(bin, 'publint'), '--strict');
    run(dist, 'npm', 'pack', '--silent', '--pack-destination', folder);
    run(dist, 'npm', 'publish', '--dry-run', '--silent', '--provenance=false');
    if (jsrName === undefined) continue;
    const jsr = join(folder, manifest.name);
    cpSync(join(dist, 'src'), join(jsr, 'src'), { recursive: true });
    for (const page of ['LICENSE', 'README.md']) cpSync(join(dist, page), join(jsr, page));
    writeFileSync(join(jsr, 'jsr.json'), JSON.stringify(jsrManifest(manifest, jsrName)));
    run(jsr, join(bin, 'deno'), 'publish', '--dry-run', '--allow-dirty', '--quiet');
  }
  process.stdout.write('\nEverything can be published. Nothing was.\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
