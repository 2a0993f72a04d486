import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type MessageEvent, messageEvents, messageLanguages, placeholdersOf } from '#domain/message-events.ts';
import { type Template, unknownPlaceholder } from '#domain/message-template.ts';
import type { Language } from '#domain/reason.ts';

const File = z.record(z.string(), z.strictObject({ subject: z.string().min(1), body: z.string().min(1) }));

/** Throws with the event and what is wrong with it: a text that cannot be filled must not be found out by a customer. */
export function parseTemplates(yaml: string, where: string): ReadonlyMap<MessageEvent, Template> {
  const read = File.parse(parse(yaml));
  const templates = messageEvents.map((event): [MessageEvent, Template] => {
    const template = read[event];
    if (!template) throw new Error(`${where}: there are no words for ${event}.`);
    const known = unknownPlaceholder(template, placeholdersOf(event));
    if (!known.ok) throw new Error(`${where}: ${event} has no {{${known.error}}}.`);
    return [event, template];
  });
  return new Map(templates);
}

const readLanguage = (language: Language): ReadonlyMap<MessageEvent, Template> => {
  const file = new URL(`../../mappings/messages/${language}.yaml`, import.meta.url);
  return parseTemplates(readFileSync(file, 'utf8'), `mappings/messages/${language}.yaml`);
};

const templates = new Map(messageLanguages.map((language) => [language, readLanguage(language)]));

/** The words for an event while a tenant has none of its own: `mappings/messages`. */
export function defaultTemplate(event: MessageEvent, language: Language): Template {
  const template = templates.get(language)?.get(event);
  if (!template) throw new Error(`There are no words for ${event} in ${language}.`);
  return template;
}
