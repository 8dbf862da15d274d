export { type DemoOptions, demoPages } from './demo-pages.ts';
