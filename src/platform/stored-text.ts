import { z } from '@hono/zod-openapi';

/**
 * Text of at most `max` characters that PostgreSQL takes as it was typed: anything but U+0000 and half a surrogate pair,
 * which would end as an internal error of the database.
 */
export const storedText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'holds characters that no text has');

/** The same, and not blank. */
export const filledText = (max: number) => storedText(max).refine((text) => text.trim() !== '', 'must not be empty');
