import { door, ensurePackages, ensureSystem, Unready } from './bootstrap.mjs';

/** Whether a FreeRADIUS is here, or could be installed; without one the story is told without logins. */
async function hasFreeradius() {
  try {
    await ensureSystem(['freeradius', 'freeradius-postgresql']);
    return true;
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    console.log(`There is no FreeRADIUS here, so nobody logs in; RADIUS's rows are read instead.\n${error.message}\n`);
    return false;
  }
}

/** `npm run demo`: the main job, told as it happens, on parts that are thrown away afterwards. */
await door(async () => {
  await ensurePackages();
  const withRadius = await hasFreeradius();
  const { register } = await import('tsx/esm/api');
  register();
  const { play } = await import('../sandbox/demo/play.ts');
  const code = await play({ withRadius });
  // A story that was broken off may still wait for something that will never come.
  process.exit(code);
});
