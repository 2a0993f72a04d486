import { expect, it } from 'vitest';
import { type EnforcerSubject, good, nextGeneration } from '../contract-subject.ts';
import type { NasEntry } from '../port.ts';

const nas = (parts: Partial<NasEntry>): NasEntry => ({
  address: '10.9.0.1',
  generation: nextGeneration(),
  shortname: 'ckp',
  secret: 'a-secret-of-its-own',
  type: 'mikrotik',
  tenantKey: 't1a2b3c4d',
  ...parts,
});

/** Routers and roaming, fenced like users. */
export function routerContract(given: () => EnforcerSubject): void {
  it('a NAS is written once, changed in place, and not by a late generation', async () => {
    const { enforcer } = given();
    const late = nas({ secret: 'the-older-secret' });
    const wish = nas({});
    expect(good(await enforcer.applyNas(wish)).outcome).toBe('written');
    expect(good(await enforcer.applyNas(wish))).toMatchObject({ outcome: 'unchanged', rowsChanged: 0 });
    expect(good(await enforcer.applyNas(nas({ secret: 'the-newest-secret' }))).outcome).toBe('written');
    expect(good(await enforcer.applyNas(late)).outcome).toBe('superseded');
    expect(good(await enforcer.whoIsAt(wish.address)).routerOf).toBe(wish.tenantKey);
  });

  it("an address that is another tenant's NAS is refused", async () => {
    const { enforcer } = given();
    good(await enforcer.applyNas(nas({ address: '10.9.0.2' })));
    const stolen = await enforcer.applyNas(nas({ address: '10.9.0.2', tenantKey: 't99999999' }));
    expect(stolen).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('a NAS is removed, once, and no late generation brings it back; its address is free for another tenant then', async () => {
    const { enforcer } = given();
    const late = nas({ address: '10.9.0.3' });
    const wish = nas({ address: '10.9.0.3' });
    good(await enforcer.applyNas(wish));
    const gone = { address: wish.address, tenantKey: wish.tenantKey, generation: nextGeneration() };
    expect(good(await enforcer.removeNas(gone)).outcome).toBe('written');
    expect(good(await enforcer.removeNas({ ...gone, generation: nextGeneration() })).outcome).toBe('unchanged');
    expect(good(await enforcer.applyNas(late)).outcome).toBe('superseded');
    const others = nas({ address: wish.address, tenantKey: 't99999999' });
    expect(good(await enforcer.applyNas(others)).outcome).toBe('written');
    expect(good(await enforcer.removeNas(gone)).outcome).toBe('superseded');
  });

  it("another tenant's NAS, and one that nobody has, are not removed", async () => {
    const { enforcer } = given();
    const theirs = nas({ address: '10.9.0.4', tenantKey: 't99999999' });
    good(await enforcer.applyNas(theirs));
    const gone = { address: theirs.address, tenantKey: 't1a2b3c4d', generation: nextGeneration() };
    expect(good(await enforcer.removeNas(gone)).outcome).toBe('unchanged');
    const still = await enforcer.applyNas({ ...theirs, generation: nextGeneration() });
    expect(good(still).outcome).toBe('unchanged');
    const unknown = { ...gone, address: '10.9.0.5', generation: nextGeneration() };
    expect(good(await enforcer.removeNas(unknown)).outcome).toBe('unchanged');
  });

  it('R7: whether a tenant lets its subscribers roam follows the newest generation', async () => {
    const { enforcer } = given();
    const [older, newer] = [nextGeneration(), nextGeneration()];
    const wish = { tenantKey: 't1a2b3c4d', generation: newer, allowRoaming: true };
    expect(good(await enforcer.applyTenant(wish)).outcome).toBe('written');
    expect(good(await enforcer.applyTenant(wish)).outcome).toBe('unchanged');
    const late = await enforcer.applyTenant({ tenantKey: 't1a2b3c4d', generation: older, allowRoaming: false });
    expect(good(late).outcome).toBe('superseded');
    const back = await enforcer.applyTenant({ ...wish, generation: nextGeneration(), allowRoaming: false });
    expect(good(back).outcome).toBe('written');
  });
}
