import type { Context } from 'hono';
import { newRoutes, type RouteEnv, type Routes, whoAsks } from '#platform/routing.ts';
import { aging, balance, cashFlow, profitAndLoss } from './reports.ts';
import {
  addRoute,
  agingRoute,
  balanceRoute,
  cashRoute,
  listRoute,
  profitRoute,
  reverseRoute,
  showRoute,
} from './route-definitions.ts';
import { agingTable, balanceTable, cashFlowTable, profitAndLossTable, recordsTable } from './tables.ts';
import { addRecord, type FinanceDeps, listRecords, reverseRecord, showRecord } from './verbs.ts';

const table = (c: Context<RouteEnv>, name: string, text: string) =>
  c.body(text, 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.csv"`,
  });

/** Expenses, other income, and what the books say (spec L7, first part). */
export function financeRoutes(deps: FinanceDeps): Routes {
  const routes = newRoutes();
  routes.openapi(addRoute, async (c) => c.json(await addRecord(deps, whoAsks(c), c.req.valid('json')), 201));
  routes.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    if (query.format === 'csv') return table(c, 'finance-records', await recordsTable(deps, whoAsks(c), query));
    return c.json(await listRecords(deps, whoAsks(c), query), 200);
  });
  routes.openapi(showRoute, async (c) => c.json(await showRecord(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(reverseRoute, async (c) => {
    const { reason } = c.req.valid('json');
    return c.json(await reverseRecord(deps, whoAsks(c), c.req.valid('param').id, reason), 200);
  });
  routes.openapi(profitRoute, async (c) => {
    const query = c.req.valid('query');
    const told = await profitAndLoss(deps, whoAsks(c), query);
    return query.format === 'csv' ? table(c, 'profit-and-loss', await profitAndLossTable(told)) : c.json(told, 200);
  });
  routes.openapi(cashRoute, async (c) => {
    const query = c.req.valid('query');
    const told = await cashFlow(deps, whoAsks(c), query);
    return query.format === 'csv' ? table(c, 'cash-flow', await cashFlowTable(told)) : c.json(told, 200);
  });
  routes.openapi(agingRoute, async (c) => {
    const query = c.req.valid('query');
    const told = await aging(deps, whoAsks(c), query);
    return query.format === 'csv' ? table(c, 'aging', await agingTable(told)) : c.json(told, 200);
  });
  routes.openapi(balanceRoute, async (c) => {
    const query = c.req.valid('query');
    const told = await balance(deps, whoAsks(c), query);
    return query.format === 'csv' ? table(c, 'balance', await balanceTable(told)) : c.json(told, 200);
  });
  return routes;
}
