// The plain app with a middleware that does nothing: what any middleware costs here.
import { serveApp } from './serve-app.ts';

await serveApp(async (_, next) => {
  await next();
});
