import { createServer as createHttp2Server } from 'node:http2';
import { createLazyServer, type LoopbackListener, listenOnLoopback } from '../server/index.ts';
import { createOtlpGrpc } from './otlp-grpc.ts';
import { createOtlpHttp, type OtlpHttpOptions } from './otlp-http.ts';

export interface OtlpListenerOptions extends OtlpHttpOptions {
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly keepAlive: boolean;
  readonly notify: (message: string) => void;
}

/** Listens for OTLP over HTTP and over gRPC, in this order in both lists. */
export async function listenForOtlp(options: OtlpListenerOptions): Promise<{
  readonly listeners: readonly LoopbackListener[];
  readonly endpoints: readonly { readonly name: string; readonly url: string }[];
}> {
  const { httpPort, grpcPort, keepAlive, notify } = options;
  const app = createOtlpHttp(options);
  const http = await listenOnLoopback(() => createLazyServer(async () => app), {
    port: httpPort,
    name: 'OTLP/HTTP',
    keepAlive,
    notify,
  });
  const receive = createOtlpGrpc(options);
  try {
    const grpc = await listenOnLoopback(
      () => {
        const server = createHttp2Server();
        server.on('stream', receive);
        server.on('sessionError', () => {});
        return server;
      },
      {
        port: grpcPort,
        name: 'OTLP/gRPC',
        // If another program has both ports, this one identifies it.
        httpPort: httpPort === 0 || httpPort === http.port ? undefined : httpPort,
        keepAlive,
        notify,
      },
    );
    return {
      listeners: [http, grpc],
      endpoints: [
        { name: 'OTLP/HTTP', url: `http://localhost:${http.port}` },
        { name: 'OTLP/gRPC', url: `http://localhost:${grpc.port}` },
      ],
    };
  } catch (error) {
    await http.close();
    throw error;
  }
}
