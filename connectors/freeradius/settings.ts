import { z } from 'zod';

const protocols = ['mysql:', 'mariadb:', 'postgres:', 'postgresql:'];

/** A tenant's own RADIUS database; without one the installation's (`RADIUS_DATABASE_URL`). */
export const freeradiusSettings = z.strictObject({
  database_url: z
    .url()
    .refine((url) => protocols.includes(new URL(url).protocol), 'use mysql://… or postgres://…')
    // Drivers take a host, a socket or a file from a query, past the host that was judged (SEC-17).
    .refine((url) => new URL(url).search === '' && new URL(url).hostname !== '', 'name a host, and no settings')
    .optional(),
});
