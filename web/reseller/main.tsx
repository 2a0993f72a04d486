import { openSession } from '../app/api/session.ts';
import { startPage } from '../app/start-page.tsx';
import { App } from './app.tsx';
import { followBrand } from './brand/brand.ts';

startPage(<App />, async () => {
  await openSession();
  await followBrand();
});
