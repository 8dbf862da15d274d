export { appVariables, type TodoSettings } from './variables.ts';
export { workerAppVariables } from './worker-variables.ts';
