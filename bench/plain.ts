// The same app without telemetry, to compare with.
import { serveApp } from './serve-app.ts';

await serveApp();
