import { openSession } from '../app/api/session.ts';
import { startPage } from '../app/start-page.tsx';
import { App } from './app.tsx';
import { readQueue, watchOthers } from './queue/queue.ts';
import { keepSending, send } from './queue/sender.ts';

startPage(<App />, async () => {
  await openSession();
  await readQueue();
  watchOthers();
  keepSending();
  send();
});
