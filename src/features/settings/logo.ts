import { createHash } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { uploadedLogo } from '#platform/tenant-settings.ts';
import { lockSettings, readSettings, writeSettings } from './store.ts';
import { logoOf, withLogo } from './stored-settings.ts';

export type LogoDeps = { readonly db: Database; readonly files: TenantFiles };

export const logoMaxBytes = 200_000;
const fileName = 'logo';
/** The query makes a new picture a new address for caches. */
const addressOf = (content: Uint8Array): string =>
  `${uploadedLogo}?v=${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;

export const logoTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type LogoType = (typeof logoTypes)[number];

/** What an image is by its first bytes, whatever it is called; null: none of those that a page may show. */
export function logoType(content: Uint8Array): LogoType | null {
  const head = Buffer.from(content.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'image/webp' : null;
}

async function setLogo({ db }: LogoDeps, who: Who, logo: string | null): Promise<void> {
  const { tenantId } = who;
  await db.tenant(tenantId, async (tx) => {
    const stored = await lockSettings(tx, tenantId);
    await writeSettings(tx, tenantId, withLogo(stored, logo));
    const [before, after] = [{ branding: { logo: logoOf(stored) } }, { branding: { logo } }];
    await record(tx, who, { action: 'update', entity: 'settings', id: tenantId, before, after });
  });
}

/** Takes a picture of at most 200 kB. No SVG: it may carry a script. */
export async function putLogo(deps: LogoDeps, who: Who, content: Uint8Array): Promise<{ readonly logo: string }> {
  demand(who.caller, 'settings:write');
  if (content.length > logoMaxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', 'A logo may have 200 kB at most.');
  if (logoType(content) === null) {
    throw new Refusal('VALIDATION_ERROR', 'A logo is a PNG, JPEG or WebP picture.', {
      fields: [{ field: 'body', message: 'must be a PNG, JPEG or WebP picture' }],
    });
  }
  // The file first: settings never name a logo that is not there.
  await deps.files.write(who.tenantId, fileName, content);
  const logo = addressOf(content);
  await setLogo(deps, who, logo);
  return { logo };
}

export async function removeLogo(deps: LogoDeps, who: Who): Promise<void> {
  demand(who.caller, 'settings:write');
  await setLogo(deps, who, null);
  await deps.files.remove(who.tenantId, fileName);
}

type Picture = { readonly content: Uint8Array<ArrayBuffer>; readonly type: LogoType };

/** The uploaded picture that the settings name, for pages that everybody may see; null: there is none. */
export async function storedLogo({ db, files }: LogoDeps, tenantId: string): Promise<Picture | null> {
  const logo = logoOf(await db.tenant(tenantId, (tx) => readSettings(tx, tenantId)));
  const content = logo?.startsWith(uploadedLogo) ? await files.read(tenantId, fileName) : null;
  const type = content && logoType(content);
  return content && type ? { content, type } : null;
}

export async function getLogo(deps: LogoDeps, who: Who): Promise<Picture> {
  demand(who.caller, 'settings:read');
  const picture = await storedLogo(deps, who.tenantId);
  if (!picture) throw notFound('logo');
  return picture;
}
