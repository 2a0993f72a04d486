import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import {
  isTransactional,
  type MessageEvent,
  messageEvents,
  messageLanguages,
  placeholdersOf,
} from '#domain/message-events.ts';
import { type Template, unknownPlaceholder } from '#domain/message-template.ts';
import type { Language } from '#domain/reason.ts';
import { demand, type Who } from '#platform/caller.ts';
import { defaultTemplate } from '#platform/message-templates.ts';
import { invalid } from '#platform/refusal.ts';
import type { MessageTemplate, TemplateChange, TemplateParam, TemplateQuery } from './schema.ts';
import type { MessagesDeps } from './verbs.ts';

type Own = Template & { readonly is_enabled: boolean };

function view(event: MessageEvent, language: Language, own: Own | undefined): MessageTemplate {
  const { subject, body } = own ?? defaultTemplate(event, language);
  return {
    event,
    language,
    subject,
    body,
    is_enabled: own?.is_enabled ?? true,
    is_own: own !== undefined,
    is_transactional: isTransactional(event),
    placeholders: [...placeholdersOf(event)],
  };
}

const findOwn = (tx: Tx, tenantId: string, { event, language }: TemplateParam) =>
  tx
    .selectFrom('message_templates')
    .where('tenant_id', '=', tenantId)
    .where('event', '=', event)
    .where('language', '=', language)
    .select(['subject', 'body', 'is_enabled'])
    .executeTakeFirst();

/** All events in all languages, those of the tenant's own words marked. */
export async function listTemplates({ db }: MessagesDeps, who: Who, query: TemplateQuery) {
  demand(who.caller, 'messages:read');
  const rows = await db.tenant(who.tenantId, (tx) =>
    tx.selectFrom('message_templates').where('tenant_id', '=', who.tenantId).selectAll().execute(),
  );
  const own = new Map(rows.map((row) => [`${row.event} ${row.language}`, row]));
  const all = messageEvents
    .flatMap((event) => messageLanguages.map((language) => view(event, language, own.get(`${event} ${language}`))))
    .filter(({ event, language }) => (query.event ?? event) === event && (query.language ?? language) === language)
    .filter(({ event, subject }) => `${event} ${subject}`.toLowerCase().includes((query.search ?? '').toLowerCase()));
  const from = (query.page - 1) * query.page_size;
  const data = all.slice(from, from + query.page_size);
  return { data, page: query.page, page_size: query.page_size, total: all.length };
}

export async function getTemplate({ db }: MessagesDeps, who: Who, at: TemplateParam): Promise<MessageTemplate> {
  demand(who.caller, 'messages:read');
  return view(at.event, at.language, await db.tenant(who.tenantId, (tx) => findOwn(tx, who.tenantId, at)));
}

function refuseUnknown(event: MessageEvent, { subject, body }: TemplateChange): void {
  const known = placeholdersOf(event);
  for (const [field, text] of Object.entries({ subject, body })) {
    const checked = unknownPlaceholder({ subject: text, body: '' }, known);
    if (checked.ok) continue;
    const message = `${field}: there is no {{${checked.error}}} here; known are ${known.join(', ')}`;
    throw invalid(field, message);
  }
}

/** Puts the tenant's own words in place of the installation's. What answers somebody's own act cannot be turned off. */
export async function saveTemplate(
  { db }: MessagesDeps,
  who: Who,
  at: TemplateParam,
  change: TemplateChange,
): Promise<MessageTemplate> {
  demand(who.caller, 'messages:write');
  refuseUnknown(at.event, change);
  if (!change.is_enabled && isTransactional(at.event))
    throw invalid('is_enabled', `is_enabled: ${at.event} answers what somebody did and cannot be turned off`);
  await db.tenant(who.tenantId, async (tx) => {
    const before = await findOwn(tx, who.tenantId, at);
    const row = { ...change, updated_at: new Date() };
    await tx
      .insertInto('message_templates')
      .values({ tenant_id: who.tenantId, ...at, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'event', 'language']).doUpdateSet(row))
      .execute();
    await record(tx, who, {
      action: before ? 'update' : 'create',
      entity: 'message_template',
      id: `${at.event}/${at.language}`,
      ...(before && { before }),
      after: change,
    });
  });
  return view(at.event, at.language, change);
}

/** Back to the words of the installation; nothing to do where they hold already. */
export async function dropTemplate({ db }: MessagesDeps, who: Who, at: TemplateParam): Promise<void> {
  demand(who.caller, 'messages:write');
  await db.tenant(who.tenantId, async (tx) => {
    const before = await findOwn(tx, who.tenantId, at);
    if (!before) return;
    await tx
      .deleteFrom('message_templates')
      .where('tenant_id', '=', who.tenantId)
      .where('event', '=', at.event)
      .where('language', '=', at.language)
      .execute();
    const id = `${at.event}/${at.language}`;
    await record(tx, who, { action: 'delete', entity: 'message_template', id, before });
  });
}
