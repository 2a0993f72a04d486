/**
 * Which fields are secret or personal (spec V4, SEC-22, SEC-28): that they changed is told, their content is not. A field
 * is hidden when one of these words is among those of its name (`new_password`, `webhookSecret`), wherever it is nested.
 */
const hiddenWords = new Set([
  'password',
  'passphrase',
  'passwd',
  'secret',
  'secrets',
  'token',
  'tokens',
  'otp',
  'totp',
  'pin',
  'nik',
  'npwp',
  'phone',
  'whatsapp',
  'email',
  'recipient',
  'address',
  'latitude',
  'longitude',
  'lat',
  'lng',
  'position',
  'coordinates',
  'photo',
  'birthdate',
]);

/** The same for names that say it only as a whole. */
const hiddenNames = new Set([
  'api_key',
  'data_key',
  'key_hash',
  'private_key',
  'server_key',
  'secret_key',
  'national_id',
  'database_url',
  'recovery_codes',
]);

/** Words of the list above that are no secret of this entity: a router's own address is what its audit is about. */
const openFields: Readonly<Record<string, readonly string[]>> = {
  nas: ['address', 'coa_address', 'require_message_authenticator'],
  service_plan: ['address_pool'],
};

/** Fields that are personal of this entity alone: what is kept of a person must be gone once it was erased (SEC-28). */
const ofPersons: Readonly<Record<string, readonly string[]>> = {
  customer: ['name', 'notes', 'erp_customer'],
  lead: ['name', 'notes', 'lost_reason'],
  promise: ['note'],
  payment: ['notes', 'reference'],
  work_order: ['notes', 'reason', 'note'],
};

/** Prose in which somebody may have written a number that is personal. */
const proseFields = new Set([
  'notes',
  'note',
  'reason',
  'description',
  'text',
  'comment',
  'message',
  'subject',
  'body',
]);

const words = (field: string): readonly string[] =>
  field
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

export function isHidden(entity: string, field: string): boolean {
  if (openFields[entity]?.includes(field)) return false;
  if (ofPersons[entity]?.includes(field)) return true;
  const parts = words(field);
  return hiddenNames.has(parts.join('_')) || parts.some((word) => hiddenWords.has(word));
}

export const isProse = (field: string): boolean => proseFields.has(field);
