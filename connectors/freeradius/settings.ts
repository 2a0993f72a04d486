import { z } from 'zod';

const protocols = ['mysql:', 'mariadb:', 'postgres:', 'postgresql:'];

/** A tenant's own RADIUS database; without one the installation's (`RADIUS_DATABASE_URL`). */
export const freeradiusSettings = z.strictObject({
  database_url: z
    .url()
    .refine((url) => protocols.includes(new URL(url).protocol), 'use mysql://… or postgres://…')
    .optional(),
});
