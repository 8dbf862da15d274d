export { instrumentHelp } from './help-text.ts';
export { prepareCommand } from './prepare-command.ts';
export { replaceProcess } from './replace-process.ts';
