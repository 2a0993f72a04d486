import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { door, ensurePackages, ensureSystem, everySystemPackage, root, run, Unready } from './bootstrap.mjs';
import { ensureWeb } from './web.mjs';

const folder = join(root, 'test', 'bench');
const suffix = '.bench.ts';

function names() {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
}

function chosen(wanted) {
  const known = names().sort();
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Unready(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return wanted.length > 0 ? wanted : known;
}

/** `npm run bench [-- <name> …]`: each in a process of its own, one after the other, so that none slows another. */
await door(async () => {
  const benches = chosen(process.argv.slice(2));
  await ensurePackages();
  await ensureSystem(everySystemPackage);
  await ensureWeb();
  let failed = 0;
  for (const name of benches) {
    const args = ['--import', 'tsx', join(folder, `${name}${suffix}`)];
    if ((await run(process.execPath, args, { stdio: 'inherit' })) !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});
