export { editPages } from './edit-pages.ts';
export { movePages } from './move-pages.ts';
export { staticFiles } from './static-files.ts';
export { taskPages } from './task-pages.ts';
