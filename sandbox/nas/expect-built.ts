import type { Result } from '#domain/result.ts';

/** The value; a stand-in that was given what fits no packet is used wrongly, so it throws. */
export function expectBuilt<T>(built: Result<T, string>): T {
  if (!built.ok) throw new TypeError(`this fits no RADIUS packet: ${built.error}`);
  return built.value;
}
