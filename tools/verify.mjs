import { door, ensurePackages } from './bootstrap.mjs';
import { conclude, runChecks, runTests } from './checks.mjs';

/** `npm run verify`: types, lint, walls, purity and the tests that need no service. */
await door(async () => {
  await ensurePackages();
  const checks = await runChecks(['types', 'types of the pages', 'lint']);
  return conclude(checks, await runTests(['--project', 'unit', ...process.argv.slice(2)]));
});
