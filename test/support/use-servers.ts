import { afterEach } from 'vitest';
import type { Fetch, Runtime, Server } from '../../runtimes/runtime.ts';

/** A server of a test, closed at the end of the test at the latest. */
export interface TestServer extends Server {
  readonly url: string;
}

/** Lets the tests of a block start servers. */
export function useServers(
  load: () => Promise<Runtime>,
): (fetch: Fetch, port?: number) => Promise<TestServer> {
  const open = new Set<Server>();
  afterEach(async () => {
    await Promise.all([...open].map((server) => server.close(0)));
    open.clear();
  });

  return async function serve(fetch, port = 0) {
    const server = await (await load()).serve(fetch, { hostname: '127.0.0.1', port });
    open.add(server);
    return {
      url: `http://127.0.0.1:${server.port}`,
      port: server.port,
      close(graceMillis) {
        open.delete(server);
        return server.close(graceMillis);
      },
    };
  };
}
