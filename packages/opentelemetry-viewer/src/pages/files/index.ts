export { createOpenPages } from './open-pages.ts';
