export { openPostgresDatabase } from './open.ts';
