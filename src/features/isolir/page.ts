import { paragraphs } from '#domain/message-template.ts';
import { minorUnits } from '#domain/money.ts';
import type { Language } from '#domain/reason.ts';
import { html, type Markup } from '#platform/page-markup.ts';
import { qrSvg } from '#platform/qr.ts';
import { styleFor } from './style.ts';
import type { BillOwed, IsolirSight, Shop, Visitor } from './verbs.ts';
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

/** The static QRIS picture gives way to the one that was asked for: of two people would scan the wrong one. */
const dialled = (phone: string): Markup => html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`;

/** A shop in the street, which takes cash. */
const shopLine = ({ name, phone }: Shop, language: Language): Markup =>
  html`<p>${wordsIn(language).shop} <strong>${name}</strong>${phone === '' ? nothing : html`, ${dialled(phone)}`}</p>`;

function payingPart({ settings, charge, visitor }: IsolirSight, language: Language): Markup {
  const w = wordsIn(language);
  const { payment_instructions: instructions } = settings;
  const qris = charge === null || charge === 'failed' ? settings.qris : null;
  const shop = visitor.is === 'known' ? visitor.shop : null;
  const ways = [
    ...(shop === null ? [] : [shopLine(shop, language)]),
    ...(qris === null ? [] : [html`<p>${w.scan}</p>${{ markup: qrSvg(qris) }}`]),
    ...(instructions === null ? [] : [ownWords(instructions)]),
  ];
  return html`<section><h2>${w.how}</h2>${ways.length > 0 ? ways : html`<p>${w.ask}</p>`}</section>`;
}

/** The charge that was asked for, or how to ask for one, bill by bill. */
function chargePart({ visitor, ways, charge, settings }: IsolirSight, language: Language, action: string): Markup {
  const w = wordsIn(language);
  if (visitor.is !== 'known' || visitor.bills.length === 0) return nothing;
  if (charge !== null && charge !== 'failed') {
    const { bill, amount, qr_string: qr, virtual_account: account, bank } = charge;
    const sum = html`<h2>${w.payNow}: ${bill}</h2><p class="sum">${money(amount, settings.currency, language)}</p>`;
    if (qr !== null) return html`<section>${sum}<p>${w.scanThis}</p>${{ markup: qrSvg(qr) }}</section>`;
    if (account !== null)
      return html`<section>${sum}<p>${w.transferTo}</p><p class="sum">${bank} ${account}</p></section>`;
  }
  const failed = charge === null ? nothing : html`<p role="status"><strong>${w.noCharge}</strong></p>`;
  if (ways.length === 0) return charge === null ? nothing : html`<section>${failed}</section>`;
  const buttons = ways.map((way) => html`<button name="method" value="${way}">${w.pay[way]}</button>`);
  const forms = visitor.bills.slice(0, 3).map(
    ({ invoice }) => html`<form method="post" action="${action}?lang=${language}"><p>${invoice}</p>
<input type="hidden" name="bill" value="${invoice}">${buttons}</form>`,
  );
  return html`<section><h2>${w.payNow}</h2>${failed}${forms}</section>`;
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
  return html`<p>${wordsIn(language).call} ${dialled(phone)}</p>`;
}

type Frame = {
  readonly language: Language;
  readonly company: string | null;
  readonly colour: string | null;
  readonly logo: string | null;
  /** Its own address, for the link to the other language. */
  readonly path: string;
  readonly inside: readonly Markup[];
};

function frame({ language, company, colour, logo, path, inside }: Frame): Page {
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
<footer><a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${w.other}</a></footer></body></html>
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
    chargePart(sight, language, `${path}/pay`),
    voucherPart(sight, language, `${path}/voucher`),
    payingPart(sight, language),
    html`<section>${again}${callPart(settings.branding.phone, language)}</section>`,
  ];
  return frame({ language, company, colour: settings.branding.colour, logo, path, inside });
}

/** The page where nothing is known: of no tenant, or while the hub cannot look. `isAway`: it is worth coming back. */
export function generalPage(language: Language, isAway: boolean): Page {
  const w = wordsIn(language);
  const inside = [html`<section><p>${isAway ? w.unseen : w.unknown}</p></section>`];
  return frame({ language, company: null, colour: null, logo: null, path: '/isolir', inside });
}
