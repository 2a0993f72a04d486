import { type Call, created, gone, type Handler, jsonOf, ok } from '../http/call.ts';
import { flagOr, textOr } from '../http/fields.ts';
import { flag, listed, matches } from '../http/page.ts';
import { noSuch, Refused, required } from '../http/refused.ts';
import type { Company, Json } from '../world/rows.ts';
import { isNewer, type World } from '../world/world.ts';

const base = (world: World, company: Company): Json => ({
  pk: company.pk,
  name: company.name,
  description: company.description,
  website: '',
  phone: '',
  ...(isNewer(world) ? {} : { address: null }),
  email: company.email,
  currency: company.currency,
  contact: '',
  link: '',
  image: null,
  active: company.isActive,
  is_customer: company.isCustomer,
  is_manufacturer: company.isManufacturer,
  is_supplier: company.isSupplier,
  ...(isNewer(world) ? {} : { primary_address: null }),
  tax_id: '',
});

/** A company as a row of an item's history carries it along. */
export const companyDetail = (world: World, company: Company): Json => ({ ...base(world, company), notes: null });

const listView = (world: World, company: Company): Json => ({
  ...base(world, company),
  parts_supplied: 0,
  parts_manufactured: 0,
  ...(isNewer(world) ? { notes: null } : { address_count: 0 }),
});

const madeView = (world: World, company: Company): Json => ({
  ...base(world, company),
  ...(isNewer(world) ? { notes: null, parameters: [], tags: [], primary_address: null } : {}),
});

export const listCompanies: Handler = (world, call) => {
  const { query } = call;
  const yesNo = (name: string, value: boolean): boolean => (flag(call, name) ?? value) === value;
  const rows = [...world.companies.values()].filter(
    (company) =>
      (query.get('name') ?? company.name) === company.name &&
      yesNo('is_customer', company.isCustomer) &&
      yesNo('is_supplier', company.isSupplier) &&
      yesNo('active', company.isActive) &&
      matches(call, [company.name, company.description]),
  );
  return listed(call, rows, (company) => listView(world, company));
};

export const showCompany: Handler = (world, _call, _user, pk) => ok(listView(world, companyOf(world, pk)));

export const createCompany: Handler = (world, call) => {
  const company = readCompany(world, call, {
    pk: 0,
    name: '',
    description: '',
    email: '',
    currency: String(world.settings.get('INVENTREE_DEFAULT_CURRENCY')),
    isCustomer: false,
    // Whoever leaves this out has made a supplier.
    isSupplier: true,
    isManufacturer: false,
    isActive: true,
    metadata: {},
  });
  return {
    write: () => {
      // The pair is a key of the table, so that of two at once one is refused here.
      refuseDouble(world, company);
      const made = { ...company, pk: world.next('company') };
      world.companies.set(made.pk, made);
      return () => created(madeView(world, made));
    },
  };
};

export const changeCompany: Handler = (world, call, _user, pk) => {
  const company = readCompany(world, call, companyOf(world, pk));
  return {
    write: () => {
      world.companies.set(pk, company);
      return () => ok(listView(world, company));
    },
  };
};

/** Its units are nowhere afterwards, and count as being in stock. */
export const deleteCompany: Handler = (world, _call, _user, pk) => {
  companyOf(world, pk);
  return {
    write: () => {
      for (const item of world.items.values()) {
        if (item.customer === pk) world.items.set(item.pk, { ...item, customer: null });
      }
      world.companies.delete(pk);
      return () => gone;
    },
  };
};

export function companyOf(world: World, pk: number): Company {
  const company = world.companies.get(pk);
  if (!company) throw noSuch('Company');
  return company;
}

function readCompany(world: World, call: Call, before: Company): Company {
  const body = jsonOf(call);
  const company: Company = {
    ...before,
    name: textOr(body.name, before.name),
    description: textOr(body.description, before.description),
    email: textOr(body.email, before.email),
    currency: textOr(body.currency, before.currency),
    isCustomer: flagOr(body.is_customer, before.isCustomer),
    isSupplier: flagOr(body.is_supplier, before.isSupplier),
    isManufacturer: flagOr(body.is_manufacturer, before.isManufacturer),
    isActive: flagOr(body.active, before.isActive),
  };
  if (company.name === '') throw new Refused(400, { name: [required] });
  if (company.name.length > 100) {
    throw new Refused(400, { name: ['Ensure this field has no more than 100 characters.'] });
  }
  refuseDouble(world, company);
  return company;
}

function refuseDouble(world: World, company: Company): void {
  for (const other of world.companies.values()) {
    if (other.pk !== company.pk && other.name === company.name && other.email === company.email) {
      throw new Refused(400, { non_field_errors: ['The fields name, email must make a unique set.'] });
    }
  }
}
