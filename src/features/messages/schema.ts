import { z } from '@hono/zod-openapi';
import { messageEvents, messageLanguages } from '#domain/message-events.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const states = ['queued', 'sent', 'failed', 'suppressed', 'bounced'] as const;

export const Message = z
  .object({
    id: z.uuid(),
    event: z.string(),
    channel: z.enum(['email']),
    recipient: z.string().openapi({ description: 'Masked' }),
    language: z.string(),
    customer_id: z.uuid().nullable(),
    user_id: z.uuid().nullable(),
    state: z.enum(states).openapi({
      description:
        '`failed`: given up after four tries, or refused; `bounced`: nobody is at that address; `suppressed`: the recipient opted out, or the event is turned off',
    }),
    attempts: z.number().int(),
    error: z.string().nullable(),
    created_at: at,
    sent_at: at.nullable(),
  })
  .openapi('Message', {
    example: {
      id: '7c4e1d2a-9b3f-4a6c-8d5e-2f1a0b9c8d77',
      event: 'registration',
      channel: 'email',
      recipient: 'b***@example.net',
      language: 'id',
      customer_id: '6f1c2b9e-52a7-4f0e-9a57-0c8e2a3c7b11',
      user_id: null,
      state: 'sent',
      attempts: 1,
      error: null,
      created_at: '2026-01-05T02:00:00.000Z',
      sent_at: '2026-01-05T02:00:01.000Z',
    },
  });
export type Message = z.infer<typeof Message>;
export const MessagePage = pageOf(Message).openapi('MessagePage');

const Event = z.enum([...messageEvents]);

export const MessageQuery = PageQuery.extend({
  state: z.enum(states).optional(),
  event: Event.optional(),
  customer_id: z.uuid().optional(),
  user_id: z.uuid().optional(),
  sort: z.enum(['created_at', '-created_at']).default('-created_at'),
});
export type MessageQuery = z.infer<typeof MessageQuery>;

export const TestMessage = z
  .strictObject({ to: z.email().max(254) })
  .openapi('TestMessage', { example: { to: 'sari@isp.example' } });
export type TestMessage = z.infer<typeof TestMessage>;

const Language = z.enum([...messageLanguages]);
export const TemplateParam = z.object({ event: Event, language: Language });
export type TemplateParam = z.infer<typeof TemplateParam>;

const subject = filledText(200).openapi({ example: 'Halo {{name}}' });
const body = filledText(10_000).openapi({
  description: 'Text; `{{name}}` is filled in, and empty lines part paragraphs',
});

export const TemplateChange = z
  .strictObject({ subject, body, is_enabled: z.boolean().default(true) })
  .openapi('MessageTemplateChange', {
    example: { subject: 'Selamat datang, {{name}}', body: 'Nomor Anda {{customer_code}}.', is_enabled: true },
  });
export type TemplateChange = z.infer<typeof TemplateChange>;

export const MessageTemplate = z
  .object({
    event: z.string(),
    language: Language,
    subject: z.string(),
    body: z.string(),
    is_enabled: z.boolean().openapi({ description: 'False: nobody is written about this' }),
    is_own: z.boolean().openapi({ description: 'False: the words of the installation' }),
    is_transactional: z.boolean().openapi({ description: 'True: it goes to whoever opted out too' }),
    placeholders: z.array(z.string()),
  })
  .openapi('MessageTemplate', {
    example: {
      event: 'registration',
      language: 'id',
      subject: 'Selamat datang, {{name}}',
      body: 'Nomor Anda {{customer_code}}.',
      is_enabled: true,
      is_own: true,
      is_transactional: false,
      placeholders: ['company', 'name', 'customer_code', 'plan'],
    },
  });
export type MessageTemplate = z.infer<typeof MessageTemplate>;

export const TemplateQuery = PageQuery.extend({ event: Event.optional(), language: Language.optional() });
export type TemplateQuery = z.infer<typeof TemplateQuery>;
export const TemplatePage = pageOf(MessageTemplate).openapi('MessageTemplatePage');
