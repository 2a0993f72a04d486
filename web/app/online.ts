import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Whether the phone has a network at all; whether the hub is behind it only a request shows. */
export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);
