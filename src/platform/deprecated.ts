import type { MiddlewareHandler } from 'hono';

export type Going = {
  /** When it was said to be on its way out. */
  readonly since: Date;
  /** When it will be gone; half a year after `since` at the earliest. */
  readonly sunset: Date;
  /** Where the way on is described. */
  readonly link: string;
};

/**
 * For a route that is on its way out: its answers say so before it goes (spec O3), with `Deprecation` (RFC 9745),
 * `Sunset` (RFC 8594) and a link. Beside it set `deprecated: true` in the route's definition.
 */
export function deprecated({ since, sunset, link }: Going): MiddlewareHandler {
  const headers = {
    Deprecation: `@${Math.floor(since.getTime() / 1000)}`,
    Sunset: sunset.toUTCString(),
    Link: `<${link}>; rel="deprecation"`,
  };
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  };
}
