import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const nothing = ["'none'"];

/**
 * The headers of every answer; a page that needs more than the API (which needs nothing) sets a policy of its own.
 * HSTS only where the hub is reached by HTTPS: on plain HTTP browsers ignore it.
 */
export const securityHeaders = (publicUrl: string): MiddlewareHandler =>
  secureHeaders({
    overwrite: false,
    contentSecurityPolicy: { defaultSrc: nothing, frameAncestors: nothing, baseUri: nothing, formAction: nothing },
    xFrameOptions: 'DENY',
    strictTransportSecurity: publicUrl.startsWith('https:') && 'max-age=31536000; includeSubDomains',
  });
