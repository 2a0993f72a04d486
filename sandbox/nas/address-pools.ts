export type AddressPools = {
  /** A free address of a pool (the unnamed one where RADIUS names none). */
  lease(pool: string | undefined): string;
  release(address: string): void;
};

/** Addresses that a NAS hands out by itself: each pool is a /16 of its own, 10.20, 10.21 and so on, by first use. */
export function createAddressPools(): AddressPools {
  const pools: string[] = [];
  const used = new Set<string>();

  function indexOf(pool: string): number {
    if (!pools.includes(pool)) pools.push(pool);
    return pools.indexOf(pool);
  }

  return {
    lease(pool = '') {
      const second = 20 + indexOf(pool);
      for (let host = 2; host < 65_535; host += 1) {
        const address = `10.${second}.${host >> 8}.${host & 0xff}`;
        if (used.has(address)) continue;
        used.add(address);
        return address;
      }
      throw new RangeError(`pool "${pool}" is used up`);
    },
    release(address) {
      used.delete(address);
    },
  };
}
