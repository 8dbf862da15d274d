import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const REGISTRY = 'https://registry.npmjs.org';

/** A package as `npm pack` wrote it. */
export interface PackedPackage {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: string;
}

/** An npm registry on this machine. */
export interface LocalRegistry {
  readonly url: string;
  close(): void;
}

/** Starts a registry that serves packed packages, and passes requests for all others on to npm's. */
export async function startLocalRegistry(packed: readonly PackedPackage[]): Promise<LocalRegistry> {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '/').replace(/^\//, '');
    const tarball = packed.find(({ manifest: { name } }) => path === `${name}.tgz`);
    if (tarball) {
      response.end(readFileSync(tarball.tarball));
      return;
    }
    const found = packed.find(({ manifest: { name } }) => path === name);
    if (found) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument(found, url)));
      return;
    }
    try {
      const { accept = '*/*' } = request.headers;
      const answer = await fetch(`${REGISTRY}${request.url}`, { headers: { accept } });
      response.statusCode = answer.status;
      response.setHeader('content-type', answer.headers.get('content-type') ?? 'text/plain');
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      response.statusCode = 502;
      response.end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Returns the document that a registry has of a package. */
function packument({ manifest, tarball }: PackedPackage, url: string): object {
  const { name, version } = manifest;
  const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  const dist = { tarball: `${url}/${name}.tgz`, integrity: `sha512-${digest}` };
  const time = '2026-01-01T00:00:00.000Z';
  return {
    name,
    'dist-tags': { latest: version },
    time: { created: time, modified: time, [version]: time },
    versions: { [version]: { ...manifest, dist } },
  };
}
