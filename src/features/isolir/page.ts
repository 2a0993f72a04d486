import { paragraphs } from '#domain/message-template.ts';
import { minorUnits } from '#domain/money.ts';
import type { Language } from '#domain/reason.ts';
import { html, type Markup } from '#platform/page-markup.ts';
import { qrSvg } from '#platform/qr.ts';
import { styleFor } from './style.ts';
import type { BillOwed, IsolirSight, Visitor } from './verbs.ts';
import { wordsIn } from './words.ts';

/** A page, and the style whose digest its policy names. */
export type Page = { readonly text: string; readonly style: string };

const locales = { id: 'id-ID', en: 'en-GB' } as const;

const money = (amount: bigint, currency: string, language: Language): string => {
  const digits = minorUnits(currency);
  const whole = Number(amount) / 10 ** digits;
  const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locales[language], form).format(whole);
};

const day = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(date));

const nothing: Markup = { markup: '' };

function billRows(bills: readonly BillOwed[], currency: string, language: Language): Markup {
  const w = wordsIn(language);
  const rows = bills.slice(0, 24).map(
    ({
      invoice,
      amount,
      dueDate,
    }) => html`<tr><td>${invoice}</td><td>${day(dueDate, language)}</td><td>${money(amount, currency, language)}</td></tr>
`,
  );
  return html`<table><tr><th>${w.bill}</th><th>${w.due}</th><th>${w.amount}</th></tr>
${rows}</table>`;
}

function owedPart(bills: readonly BillOwed[], currency: string, language: Language): Markup {
  const [oldest] = bills;
  if (!oldest) return nothing;
  const w = wordsIn(language);
  const sum = bills.reduce((all, { amount }) => all + amount, 0n);
  return html`<section><h2>${w.owed}</h2>
<p class="sum">${money(sum, currency, language)}</p>
<p>${w.since} ${day(oldest.dueDate, language)}</p>
${billRows(bills, currency, language)}</section>`;
}

function visitorPart(visitor: Visitor, currency: string, language: Language): Markup {
  const w = wordsIn(language);
  if (visitor.is !== 'known') return html`<section><p>${visitor.is === 'unseen' ? w.unseen : w.unknown}</p></section>`;
  const { name, code, state, bills } = visitor;
  return html`<section><p>${w.states[state]}</p>
<table><tr><td>${w.greeting}</td><td>${name}</td></tr><tr><td>${w.customer}</td><td>${code}</td></tr></table></section>
${owedPart(bills, currency, language)}`;
}

/** The provider's own words may name addresses of the web; nothing else in them becomes a tag. */
const ownWords = (text: string): Markup => ({ markup: paragraphs(text) });

function payingPart({ qris, payment_instructions: instructions }: IsolirSight['settings'], language: Language): Markup {
  const w = wordsIn(language);
  const ways = [
    ...(qris === null ? [] : [html`<p>${w.scan}</p>${{ markup: qrSvg(qris) }}`]),
    ...(instructions === null ? [] : [ownWords(instructions)]),
  ];
  return html`<section><h2>${w.how}</h2>${ways.length > 0 ? ways : html`<p>${w.ask}</p>`}</section>`;
}

/** `action`: where the form is sent, without a host: only the page's own path. */
function voucherPart({ visitor, voucher }: IsolirSight, language: Language, action: string): Markup {
  const w = wordsIn(language);
  const told = voucher === null ? nothing : html`<p role="status"><strong>${w.vouchers[voucher]}</strong></p>`;
  if (visitor.is !== 'known' || !visitor.takesVouchers) return told;
  return html`<section>${told}<form method="post" action="${action}?lang=${language}"><label>${w.voucher}
<input name="code" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false"></label>
<button>${w.redeem}</button></form></section>`;
}

function callPart(phone: string | null, language: Language): Markup {
  if (phone === null) return nothing;
  return html`<p>${wordsIn(language).call} <a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a></p>`;
}

type Frame = {
  readonly language: Language;
  readonly company: string | null;
  readonly colour: string | null;
  readonly logo: string | null;
  readonly inside: readonly Markup[];
};

function frame({ language, company, colour, logo, inside }: Frame): Page {
  const w = wordsIn(language);
  const style = styleFor(colour);
  const picture = logo === null ? nothing : html`<img src="${logo}" alt="">`;
  const other = language === 'id' ? 'en' : 'id';
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${company === null ? w.title : `${w.title} – ${company}`}</title>
<style>${{ markup: style }}</style></head>
<body><header>${picture}<p>${company ?? w.title}</p></header>
<main><h1>${w.stopped}</h1>
${inside}</main>
<footer><a href="?lang=${other}" lang="${other}" hreflang="${other}">${w.other}</a></footer></body></html>
`;
  return { text: page.markup, style };
}

/** The page of a tenant (spec R10): who it is, what is owed, how to pay. It needs no script and nothing from elsewhere. */
export function isolirPage(sight: IsolirSight, language: Language, subdomain: string): Page {
  const { settings, visitor, company, logo } = sight;
  const w = wordsIn(language);
  const path = `/isolir/${encodeURIComponent(subdomain)}`;
  const again = html`<form method="get" action="${path}"><input type="hidden" name="lang" value="${language}"><button>${w.paid}</button></form>`;
  const inside = [
    visitorPart(visitor, settings.currency, language),
    voucherPart(sight, language, `${path}/voucher`),
    payingPart(settings, language),
    html`<section>${again}${callPart(settings.branding.phone, language)}</section>`,
  ];
  return frame({ language, company, colour: settings.branding.colour, logo, inside });
}

/** The page where nothing is known: of no tenant, or while the hub cannot look. `isAway`: it is worth coming back. */
export function generalPage(language: Language, isAway: boolean): Page {
  const w = wordsIn(language);
  const inside = [html`<section><p>${isAway ? w.unseen : w.unknown}</p></section>`];
  return frame({ language, company: null, colour: null, logo: null, inside });
}
