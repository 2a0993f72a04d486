import './style.css';
import { createRoot } from 'react-dom/client';
import { openSession } from './api/session.ts';
import { App } from './app.tsx';
import { install } from './installed.ts';
import { readQueue, watchOthers } from './queue/queue.ts';
import { keepSending, send } from './queue/sender.ts';
import { textsNow } from './texts/texts.ts';

const place = document.getElementById('page');
const page = isSecureContext ? <App /> : <p className="p-4 text-xl font-bold">{textsNow().insecure}</p>;
if (place) createRoot(place).render(page);

async function start(): Promise<void> {
  await openSession();
  await readQueue();
  watchOthers();
  keepSending();
  send();
}

if (isSecureContext) {
  // What fails here is shown by the page as it stands; the queue is read again with the next deed.
  start().catch(reportError);
  // The first paint is not kept waiting for the copy on the phone.
  addEventListener('load', () => void install().catch(reportError));
}
