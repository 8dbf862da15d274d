export { type ApiType, taskApi } from './task-api.ts';
