export { apiCors } from './api-cors.ts';
export { bodyLimit } from './body-limit.ts';
export { checkHost } from './check-host.ts';
export { csrf } from './csrf.ts';
export { headerLimit } from './header-limit.ts';
export { createRateLimiter, type RateLimiter, rateLimit } from './rate-limit.ts';
export { getRequestOrigin, requestOrigin } from './request-origin.ts';
export { noStore, securityHeaders } from './security-headers.ts';
