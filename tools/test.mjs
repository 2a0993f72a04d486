import { door, ensurePackages, ensureSystem, everySystemPackage } from './bootstrap.mjs';
import { conclude, everyCheck, runChecks, runTests } from './checks.mjs';
import { ensureWeb } from './web.mjs';

/** `npm test`: from a fresh clone on a bare Debian to the count of what holds. Arguments go to vitest. */
await door(async () => {
  await ensurePackages();
  await ensureSystem(everySystemPackage);
  await ensureWeb();
  // Each check keeps one processor busy, and the other is free meanwhile.
  return conclude(...(await Promise.all([runChecks(everyCheck), runTests(process.argv.slice(2))])));
});
