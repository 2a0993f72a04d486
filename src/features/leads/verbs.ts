import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { areasAt } from './coverage.ts';
import { leadStateOf, mayBecome } from './lead-states.ts';
import { auditedLead, leadView } from './lead-view.ts';
import type { Lead, LeadChange, LeadQuery, NewLead } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

// What journeys build on.
export { eraseLeadOf, leadsOf, leadToConvert, noteConversion } from './conversion.ts';
export { servedAt } from './coverage.ts';
export type { Conversion } from './schema.ts';

const view = (who: Who, row: store.LeadRow): Lead => leadView(row, sightOf(who).seesContact);

/** What a lead says fits together: a plan that exists, a position that is whole (spec P13). */
async function check(tx: Tx, tenantId: string, lead: NewLead): Promise<void> {
  if ((lead.latitude === null) !== (lead.longitude === null)) {
    throw invalid(lead.latitude === null ? 'latitude' : 'longitude', 'A position has a latitude and a longitude.');
  }
  if (lead.service_plan_id !== null && !(await store.planExists(tx, tenantId, lead.service_plan_id))) {
    throw invalid('service_plan_id', 'There is no such service plan.');
  }
}

/** What a reseller adds is its own lead. */
export async function addLead(tx: Tx, who: Who, lead: NewLead): Promise<Lead> {
  demand(who.caller, 'leads:write');
  await check(tx, who.tenantId, lead);
  const { resellerId } = sightOf(who);
  const row = await store.insertLead(tx, { ...lead, tenant_id: who.tenantId, reseller_id: resellerId });
  await record(tx, who, { action: 'create', entity: 'lead', id: row.id, after: auditedLead(row) });
  return view(who, row);
}

async function leadToChange(tx: Tx, who: Who, id: string): Promise<store.LeadRow> {
  demand(who.caller, 'leads:write');
  const row = await store.findLeadToChange(tx, sightOf(who), id);
  if (!row) throw notFound('lead');
  if (row.state === 'converted') {
    throw new Refusal('CONFLICT', 'This lead is a customer now.', { customer_id: row.customer_id });
  }
  return row;
}

const withChange = (row: store.LeadRow, change: LeadChange): NewLead => ({
  name: change.name ?? row.name,
  phone: change.phone ?? row.phone,
  address: change.address ?? row.address,
  notes: change.notes ?? row.notes,
  email: change.email === undefined ? row.email : change.email,
  latitude: change.latitude === undefined ? row.latitude : change.latitude,
  longitude: change.longitude === undefined ? row.longitude : change.longitude,
  service_plan_id: change.service_plan_id === undefined ? row.service_plan_id : change.service_plan_id,
  billing_mode: change.billing_mode === undefined ? row.billing_mode : change.billing_mode,
});

const unchecked = { state: 'new', coverage_area_id: null, checked_at: null } as const;

function stateAfter(row: store.LeadRow, lead: NewLead, change: LeadChange) {
  const from = leadStateOf(row.state);
  const to = change.state ?? from;
  if (to !== from && !mayBecome(from, to)) {
    throw new Refusal('CONFLICT', `A lead that is ${from} cannot become ${to}.`, { state: from });
  }
  if (to === 'lost') return { state: to, lost_reason: change.lost_reason ?? row.lost_reason };
  const isMoved = lead.latitude !== row.latitude || lead.longitude !== row.longitude;
  // Who moved must be checked again.
  return { lost_reason: null, ...(isMoved || to !== from ? unchecked : {}) };
}

export async function changeLead(tx: Tx, who: Who, id: string, change: LeadChange): Promise<Lead> {
  const row = await leadToChange(tx, who, id);
  const lead = withChange(row, change);
  await check(tx, who.tenantId, lead);
  const changed = await store.updateLead(tx, who.tenantId, id, { ...lead, ...stateAfter(row, lead, change) });
  await record(tx, who, {
    action: 'update',
    entity: 'lead',
    id,
    before: auditedLead(row),
    after: auditedLead(changed),
  });
  return view(who, changed);
}

/** Looks whether the lead's position lies in a coverage area, and keeps the answer (spec C8). */
export async function checkLead(tx: Tx, who: Who, id: string, now: number): Promise<Lead> {
  const row = await leadToChange(tx, who, id);
  const { latitude, longitude } = row;
  if (latitude === null || longitude === null) throw invalid('latitude', 'This lead has no position to check.');
  const [area] = await areasAt(tx, who.tenantId, { latitude, longitude });
  const state = area ? 'covered' : 'not_covered';
  if (!mayBecome(leadStateOf(row.state), state)) {
    throw new Refusal('CONFLICT', `A lead that is ${row.state} is not checked: take it up again first.`, {
      state: row.state,
    });
  }
  const change = { state, coverage_area_id: area?.id ?? null, checked_at: new Date(now) };
  const checked = await store.updateLead(tx, who.tenantId, id, change);
  await record(tx, who, {
    action: 'update',
    entity: 'lead',
    id,
    before: auditedLead(row),
    after: auditedLead(checked),
  });
  return view(who, checked);
}

export async function getLead(tx: Tx, who: Who, id: string): Promise<Lead> {
  demand(who.caller, 'leads:read');
  const row = await store.findLead(tx, sightOf(who), id);
  if (!row) throw notFound('lead');
  return view(who, row);
}

export async function listLeads(tx: Tx, who: Who, query: LeadQuery) {
  demand(who.caller, 'leads:read');
  return mapPage(await store.listLeads(tx, sightOf(who), query), (row) => view(who, row));
}
