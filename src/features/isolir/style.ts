import { createHash } from 'node:crypto';

const usual = '#1d4ed8';

/** Black or white, whichever is easier to read on `#rrggbb` (WCAG's relative luminance, in short). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2 > 0.36 ? '#000' : '#fff';
}

/** The page's only style; `colour` is the tenant's, `#1a2b3c`, or null. No text of a tenant's can come in here. */
export function styleFor(colour: string | null): string {
  const own = /^#[0-9a-fA-F]{6}$/.test(colour ?? '') ? String(colour) : usual;
  return [
    `body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1f2937;background:#f3f4f6;overflow-wrap:anywhere}`,
    `header{background:${own};color:${inkOn(own)};padding:1rem;display:flex;gap:1rem;align-items:center}`,
    `header img{max-height:48px;max-width:30%}header p{margin:0;font-weight:700;font-size:1.1rem}`,
    `main{max-width:34rem;margin:0 auto;padding:1rem}section{background:#fff;border-radius:8px;padding:1rem;margin:0 0 1rem}`,
    `h1{font-size:1.3rem;margin:.2rem 0 1rem}h2{font-size:1.05rem;margin:0 0 .5rem}`,
    `.sum{font-size:1.7rem;font-weight:700;margin:.2rem 0}table{width:100%;border-collapse:collapse}`,
    `th,td{text-align:left;padding:.3rem .3rem .3rem 0;vertical-align:top}td:last-child,th:last-child{text-align:right}`,
    `svg{display:block;width:100%;max-width:17rem;margin:0 auto}`,
    `input,button{font:inherit;padding:.7rem;border-radius:6px;border:1px solid #9ca3af;width:100%;box-sizing:border-box;margin:.3rem 0}`,
    `button{background:${own};color:${inkOn(own)};border-color:${own}}footer{text-align:center;padding:0 1rem 2rem}`,
  ].join('');
}

/** Nothing runs, nothing comes from elsewhere; the one style is named by its digest. */
export const policyFor = (style: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'img-src data:',
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
