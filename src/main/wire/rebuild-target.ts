import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { openRadiusDatabase } from '#connectors/freeradius/database.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { filledTables } from '#connectors/freeradius/filled-tables.ts';
import type { Closable } from '#main/wire/prepared-enforcer.ts';
import { migrateRadius } from '#main/wire/radius-database.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';

async function refuseFilled(url: string): Promise<void> {
  const database = openRadiusDatabase(url);
  try {
    const filled = await filledTables(database);
    if (filled.length === 0) return;
    throw new Refusal(
      'CONFLICT',
      `There are rows in ${filled.join(', ')}: a rebuild goes into an empty schema. Nothing was changed.`,
    );
  } finally {
    await database.close();
  }
}

/** An enforcer on a RADIUS database that holds nothing yet; its tables are made where they are missing. */
export async function openRebuildTarget(url: string): Promise<Closable<Enforcer>> {
  await migrateRadius(url);
  await refuseFilled(url);
  const coa = createCoaClient();
  const enforcer = createFreeradiusEnforcer({ databaseUrl: url, coa });
  return {
    ...enforcer,
    close: async () => {
      await enforcer.close();
      await coa.close();
    },
  };
}
