import './style.css';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { install } from './installed.ts';
import { wordsNow } from './texts/words.ts';

/** Shows a page and begins its work, in the order that the first paint is not kept waiting; without https it only says so. */
export function startPage(app: ReactNode, start: () => Promise<void>): void {
  const place = document.getElementById('page');
  const page = isSecureContext ? app : <p className="p-4 text-xl font-bold">{wordsNow().insecure}</p>;
  if (place) createRoot(place).render(page);
  if (!isSecureContext) return;
  // What fails here is shown by the page as it stands.
  start().catch(reportError);
  // The first paint is not kept waiting for the copy on the phone.
  addEventListener('load', () => void install().catch(reportError));
}
