import { isSameText } from '#connectors/kit/same-text.ts';

export const tokenHeader = 'x-callback-token';

/**
 * Xendit signs nothing: each callback carries the same token of the dashboard. Whoever has seen one can write any other,
 * so what a callback says is worth nothing until Xendit itself has been asked.
 */
export const carriesToken = (given: string | null, token: string): boolean => isSameText(given, token);
