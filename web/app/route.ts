import { useSyncExternalStore } from 'react';

/** Where in the page: behind the `#`, so that the phone's back button works and every address is the one page. */
export type Route = { readonly page: string; readonly id: string };

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [page = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  return { page, id: decodeURIComponent(id) };
}

export const addressOf = (page: string, id = ''): string => `#/${page}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;

export function goTo(page: string, id = ''): void {
  location.hash = addressOf(page, id);
}
