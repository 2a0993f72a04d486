import { pageName } from '../page-name.ts';

const version = 1;

/** `queue`: what waits to be sent, by `no` (a page without deeds leaves it empty). `kept`: what the page knew last, by name. */
type StoreName = 'queue' | 'kept';

let opened: Promise<IDBDatabase> | undefined;

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(pageName(), version);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('queue', { keyPath: 'no', autoIncrement: true });
    request.result.createObjectStore('kept');
  };
  return answerOf(request).then((database) => {
    // Another tab with a newer page must be able to change the layout.
    database.onversionchange = () => {
      database.close();
      opened = undefined;
    };
    return database;
  });
}

/**
 * One transaction on one store. It is over when the promise is: what was written is on the phone's disk ('strict'), so a
 * page that dies right after has lost nothing.
 */
export async function inStore<T>(
  store: StoreName,
  mode: 'readonly' | 'readwrite',
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  const transaction = (await opened).transaction(store, mode, {
    durability: mode === 'readwrite' ? 'strict' : 'default',
  });
  const request = work(transaction.objectStore(store));
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  return request.result;
}

export const readKept = <T>(key: string): Promise<T | undefined> =>
  inStore<T | undefined>('kept', 'readonly', (store) => store.get(key));
export const keep = (key: string, value: unknown): Promise<unknown> =>
  inStore('kept', 'readwrite', (store) => store.put(value, key));
export const forgetKept = (key: string): Promise<unknown> => inStore('kept', 'readwrite', (store) => store.delete(key));
