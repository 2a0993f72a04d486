import { door, ensurePackages } from './bootstrap.mjs';
import { conclude, runChecks, runTests } from './checks.mjs';

/** `npm run verify`: types, lint, walls, purity and the tests that need no service. */
await door(async () => {
  await ensurePackages();
  const tests = ['--project', 'unit', ...process.argv.slice(2)];
  return conclude(...(await Promise.all([runChecks(['types', 'types of the pages', 'lint']), runTests(tests)])));
});
