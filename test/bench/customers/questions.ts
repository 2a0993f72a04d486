/** What an operator asks of a list, by kind; `n` makes each ask another row, so that no cache of one answer helps. */
export const questions: Readonly<Record<string, (n: number, size: number) => string>> = {
  'first page': () => '',
  'by status': (n) => `status=${['isolated', 'pending', 'active'][n % 3]}`,
  'by name': (n) => `sort=name&page=${1 + (n % 5)}`,
  'search phone': (n) => `search=${String(((BigInt(n) + 1n) * 2654435761n) % 10000000000n).padStart(10, '0')}`,
  'search code': (n, size) => `search=cust${String(1 + ((n * 37) % size)).padStart(6, '0')}`,
  'search full name': (n) => `search=${['Budi+Santoso', 'sri+wijaya', 'MAYA+Utami'][n % 3]}`,
  'search part of a name': (n) => `search=${['antos', 'irma', 'ugro'][n % 3]}`,
  'search and status': (n) => `search=${['budi', 'sari', 'eko'][n % 3]}&status=isolated`,
  'two letters': (n) => `search=${['zo', 'bu', 'si'][n % 3]}&status=pending`,
};
