import type { Generated } from 'kysely';
import type { At, Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type MessageState = 'queued' | 'sent' | 'failed' | 'suppressed' | 'bounced';

export type MessagesTable = {
  id: Generated<string>;
  tenant_id: string;
  event: string;
  channel: 'email';
  language: string;
  customer_id: Maybe<string>;
  user_id: Maybe<string>;
  recipient: string;
  recipient_masked: string;
  recipient_hash: Buffer;
  content: string;
  state: Defaulted<MessageState>;
  attempts: Defaulted<number>;
  error: Maybe<string>;
  provider_id: Maybe<string>;
  correlation_id: string;
  created_at: At;
  sent_at: MaybeAt;
};

export type MessageTemplatesTable = {
  tenant_id: string;
  event: string;
  language: string;
  subject: string;
  body: string;
  is_enabled: Defaulted<boolean>;
  updated_at: At;
};

export type OptOutsTable = { tenant_id: string; channel: 'email'; recipient_hash: Buffer; created_at: At };

export type MessagesTables = {
  messages: MessagesTable;
  message_templates: MessageTemplatesTable;
  opt_outs: OptOutsTable;
};
