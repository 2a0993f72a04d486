import { type Call, type Handler, isJson, jsonOf, ok } from '../http/call.ts';
import { detail, Refused } from '../http/refused.ts';
import { itemOf } from '../stock/list-items.ts';
import type { Json } from '../world/rows.ts';
import { companyOf } from './companies.ts';

export const showItemMetadata: Handler = (world, _call, _user, pk) => ok({ metadata: itemOf(world, pk).metadata });

/** PATCH merges the outermost keys, PUT replaces all; two at once lose one of them. */
export const changeItemMetadata: Handler = (world, call, _user, pk) => {
  const before = itemOf(world, pk);
  const metadata = changed(call, before.metadata);
  return {
    write: (work) => {
      work.save({ ...before, metadata });
      return () => ok({ metadata });
    },
  };
};

export const showCompanyMetadata: Handler = (world, _call, _user, pk) =>
  ok({ metadata: companyOf(world, pk).metadata });

export const changeCompanyMetadata: Handler = (world, call, _user, pk) => {
  const before = companyOf(world, pk);
  const metadata = changed(call, before.metadata);
  return {
    write: (work) => {
      work.also(() => world.companies.set(pk, { ...before, metadata }));
      return () => ok({ metadata });
    },
  };
};

function changed(call: Call, before: Json): Json {
  const { metadata } = jsonOf(call);
  if (!isJson(metadata)) throw new Refused(400, { metadata: ['This field may not be null.'] });
  return call.method === 'PUT' ? metadata : { ...before, ...metadata };
}

/** The paths of before API 436 lead on for reads; a write that follows the lead is taken for one from a browser. */
export const oldItemPath: Handler = (_world, call, _user, pk) => leadOn(call, `/api/metadata/stockitem/pk/${pk}/`);
export const oldCompanyPath: Handler = (_world, call, _user, pk) => leadOn(call, `/api/metadata/company/pk/${pk}/`);

function leadOn(call: Call, location: string): ReturnType<Handler> {
  if (call.method === 'GET') return { status: 301, body: null, headers: { Location: location } };
  throw detail(
    403,
    'CSRF verification failed. Ensure INVENTREE_SITE_URL and INVENTREE_TRUSTED_ORIGINS are configured correctly.',
  );
}
