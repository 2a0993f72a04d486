import { escapeHtml, paragraphs } from '#domain/message-template.ts';
import type { Language } from '#domain/reason.ts';

/** What a message looks like around its text: whose it is, and how its reader ends further ones. */
export type LetterHead = {
  readonly company: string;
  /** `#1a2b3c`; null: none was chosen. */
  readonly colour: string | null;
  readonly language: Language;
  /** Null: it answers something that its reader did, and cannot be ended. */
  readonly unsubscribeUrl: string | null;
};

const endWords: Readonly<Record<Language, string>> = {
  id: 'Tidak ingin menerima pesan seperti ini lagi?',
  en: 'Do not want messages like this any more?',
};

/** The two forms of one message. Whatever the text holds, the HTML has no other tags than those made here. */
export function letter(text: string, head: LetterHead): { readonly text: string; readonly html: string } {
  const { company, language, unsubscribeUrl } = head;
  const colour = /^#[0-9a-fA-F]{6}$/.test(head.colour ?? '') ? head.colour : '#333333';
  const foot = unsubscribeUrl === null ? '' : `${endWords[language]} ${unsubscribeUrl}`;
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>`,
    `<h1 style="font-size:1.2em;color:${colour}">${escapeHtml(company)}</h1>`,
    paragraphs(text),
    ...(foot === '' ? [] : ['<hr>', paragraphs(foot)]),
    '</body></html>',
  ];
  return { text: foot === '' ? text : `${text}\n\n--\n${foot}`, html: html.join('\n') };
}
