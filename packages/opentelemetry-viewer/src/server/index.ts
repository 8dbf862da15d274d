export { guardRequests } from './guards.ts';
export { type PortHolder, VIEWER_SERVER } from './identify-server.ts';
export { type LoopbackListener, listenOnLoopback } from './loopback-listener.ts';
export { createLazyServer } from './request-listener.ts';
