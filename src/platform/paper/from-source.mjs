// The thread's door in a clone: Node reads no TypeScript by itself. A built hub begins at worker.js.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
