import { exit, stderr } from 'node:process';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Ends a script whose arguments are not valid: one message and exit code 2. */
export function usageError(message: string): never {
  stderr.write(`${message}\n`);
  exit(2);
}

/** Parses the arguments of a script, like `parseArgs()`. Ends the script if they do not fit its options. */
export function readArguments<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node adds advice on arguments that begin with a hyphen.
    const [found = ''] = (error as Error).message.split(/\. |\n/, 1);
    usageError(
      `${found.replace(/\.$/, '')}. The comment at the start of the script lists its arguments.`,
    );
  }
}

/** Reads the only argument of a script, a number of something. Ends the script if it is another argument. */
export function readCount(name: string, preset: number): number {
  const { positionals } = readArguments({ allowPositionals: true });
  const [text = String(preset), other] = positionals;
  if (other !== undefined) usageError(`Unexpected argument "${other}"; use one number of ${name}.`);
  return parseCount(name, text);
}

/** Parses a whole number of at least 1. @param name of the option or of what is counted */
export function parseCount(name: string, text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count > 0 && Number.isSafeInteger(count)) return count;
  usageError(`${name}: "${text}" is not a whole number of at least 1.`);
}

/** Checks the values of an option. @param name of the option */
export function parseChoices<Choice extends string>(
  name: string,
  texts: readonly string[],
  choices: readonly Choice[],
): Choice[] {
  return texts.map((text) => {
    const found = choices.find((choice) => choice === text);
    return found ?? usageError(`${name}: "${text}" is not known; use ${choices.join(', ')}.`);
  });
}

/** Parses a regular expression that ignores case. @param name of the option */
export function parsePattern(name: string, text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    usageError(`${name}: "${text}" is not a regular expression.`);
  }
}
