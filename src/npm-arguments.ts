import { flagOf, type VariableTable } from 'opentelemetry-instrument/settings';

/** npm has a flag of this name, which may also come from its configuration. */
const NPM_FLAG = 'viewer';

/**
 * Finds the flags that npm has kept for itself because `--` was forgotten, as in `npm start -p 5400`.
 * npm turns unknown flags into variables such as `npm_config_port`; its own `-p` is `--parseable`.
 * @returns a message with the command to use; undefined if npm kept nothing
 */
export function explainKeptFlags(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  variables: VariableTable,
): string | undefined {
  const { npm_lifecycle_event: script, npm_config_user_agent: agent = '' } = env;
  if (script === undefined || !agent.startsWith('npm/')) return undefined;
  const isKept = (name: string) => name !== NPM_FLAG && Boolean(env[`npm_config_${name}`]);
  const kept = Object.entries(variables).flatMap(([name, variable]) => {
    const flag = flagOf(name, variable);
    const value = variable.form === 'true|false' ? '' : ` ${variable.form}`;
    return isKept(flag) ? [`--${flag}${value}`] : [];
  });
  if (isKept('otlp')) kept.push('--otlp');
  if (isKept('parseable') && /^\d+$/.test(argv[0] ?? '')) kept.push('-p <number>');
  if (kept.length === 0) return undefined;
  const command = script === 'start' ? 'npm start' : `npm run ${script}`;
  return `${command}: npm keeps flags for itself; put them after two hyphens: ${command} -- ${kept.join(' ')}`;
}
