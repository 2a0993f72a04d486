import { ok } from '#domain/result.ts';
import type { Asked, InventreeClient } from './client.ts';
import { companyPage, companyRow } from './shapes.ts';

/** What companies are called. A name is for people: where it cannot be read, its number stands for it. */
export type CompanyNames = {
  of(pk: number | null): Promise<string>;
  remember(pk: number, name: string): void;
  /** Reads all at once, before many are asked for. */
  load(): Asked<null>;
};

const pageLength = 250;

export function createCompanyNames(client: InventreeClient): CompanyNames {
  const known = new Map<number, string>();
  /** A login that may not see companies is not asked for each of them. */
  let isForbidden = false;

  return {
    async of(pk) {
      if (pk === null) return '';
      const name = known.get(pk);
      if (name !== undefined) return name;
      if (isForbidden) return `#${pk}`;
      const company = await client.get(`/api/company/${pk}/`, {}, companyRow);
      if (!company.ok) {
        isForbidden = company.error.reason === 'forbidden';
        return `#${pk}`;
      }
      known.set(pk, company.value.name);
      return company.value.name;
    },
    remember: (pk, name) => void known.set(pk, name),
    async load() {
      for (let offset = 0, isMore = true; isMore; offset += pageLength) {
        const query = { is_customer: true, ordering: 'name', limit: pageLength, offset };
        const page = await client.get('/api/company/', query, companyPage);
        isForbidden = !page.ok && page.error.reason === 'forbidden';
        if (!page.ok) return page;
        for (const { pk, name } of page.value.results) known.set(pk, name);
        isMore = page.value.results.length > 0 && offset + pageLength < page.value.count;
      }
      return ok(null);
    },
  };
}
