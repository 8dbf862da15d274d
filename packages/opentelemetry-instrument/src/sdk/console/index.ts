export { instrumentConsole, withoutConsole } from './console-logs.ts';
