import type { Manifest } from './dependency-rules.ts';

/** Commands in a README that are no script of package.json or task of deno.json. */
export function commandBreaches(
  readme: string,
  { scripts = {} }: Manifest,
  { tasks = {} }: { readonly tasks?: Readonly<Record<string, string>> },
): string[] {
  const npm = readme.matchAll(
    /\bnpm (?:-s |--silent )?(?:run (?:-s |--silent )?([\w:-]+)|(start|test)\b)/g,
  );
  const deno = readme.matchAll(/\bdeno task ([\w:-]+)/g);
  return [
    ...[...npm]
      .filter(([, run, short]) => !Object.hasOwn(scripts, run ?? short ?? ''))
      .map(([command]) => `README.md says "${command}", which package.json does not have`),
    ...[...deno]
      .filter(([, task = '']) => !Object.hasOwn(tasks, task))
      .map(([command]) => `README.md says "${command}", which deno.json does not have`),
  ];
}
