/** Now, in milliseconds since 1970. Injected wherever a time decides something, so that a test can set it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
