// Runs `npm start`. JavaScript, because a Node that cannot read TypeScript has to explain itself.
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `The sources need Node 22.18 or newer, but this is Node ${process.versions.node}. \
Run npm install without --omit=dev, which brings a newer one, or get it from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
} else {
  await import('./index.ts');
}
