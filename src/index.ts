import process from 'node:process';

// Checked before anything else is loaded: an older Node would fail at an import with its own message.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (
  !process.versions.bun &&
  !process.versions.deno &&
  (major < 22 || (major === 22 && minor < 16))
) {
  process.stderr.write(
    `This program needs Node 22.16 or newer, but this is Node ${process.versions.node}: install a newer one from https://nodejs.org.\n`,
  );
  process.exit(1);
}

const { loadRuntime } = await import('todo-runtimes');
const { run } = await import('./run.ts');
await run(await loadRuntime(), process.argv.slice(2));
