import { readdirSync } from 'node:fs';
import { diff } from 'node:util';
import { fileUrl, readText, STEPS_FOLDER, steps } from './languages.ts';

/** Lines around a change. */
const CONTEXT = 2;

/** Returns the Markdown that shows how a step differs from the one before: each new file, each change. */
export function showStep(step: string): string {
  const previous = steps[steps.indexOf(step) - 1];
  const before = previous === undefined ? new Map<string, string>() : readStep(previous);
  const blocks = [...readStep(step)].flatMap(([name, text]) => {
    const old = before.get(name);
    if (old === text) return [];
    const [, language = ''] = /\.(\w+)$/.exec(name) ?? [];
    const block =
      old === undefined
        ? `\`\`\`${language}\n${text}\`\`\``
        : `\`\`\`diff\n${diffLines(old, text)}\n\`\`\``;
    return [`\`${name}\`\n\n${block}\n`];
  });
  return blocks.join('\n');
}

/** Reads the files of a step: `package.json` first, the program last. */
function readStep(step: string): Map<string, string> {
  const names = readdirSync(fileUrl(`${STEPS_FOLDER}/${step}`), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml|html|ts)$/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => name !== 'package-lock.json');
  const order = [
    'package.json',
    'check.ts',
    'compose.yaml',
    'collector.yaml',
    'page.html',
    'app.ts',
  ];
  const sorted = names.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return new Map(sorted.map((name) => [name, readText(`${STEPS_FOLDER}/${step}/${name}`)]));
}

/** Compares two texts line by line. A line `…` stands for equal lines that are left out. */
export function diffLines(before: string, after: string): string {
  const entries = diff(before.trimEnd().split('\n'), after.trimEnd().split('\n'));
  const isShown = entries.map((_, i) =>
    entries.slice(Math.max(i - CONTEXT, 0), i + CONTEXT + 1).some(([operation]) => operation !== 0),
  );
  const lines = entries.map(([operation, line]) => `${signs[operation + 1]}${line}`.trimEnd());
  return lines
    .flatMap((line, i) => {
      if (isShown[i]) return [line];
      return i === 0 || isShown[i - 1] ? [' …'] : [];
    })
    .join('\n');
}

/** First characters of a line, by the operation that `diff()` reports plus one. */
const signs = ['+', ' ', '-'];
