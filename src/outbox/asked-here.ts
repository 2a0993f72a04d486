/**
 * Whether whatever was asked before under an operation was asked, or waited for, by this process; `attempts`: of the claim,
 * the first is 1. It remembers what it is asked about, so it is asked once for each claim.
 */
export type AskedHere = (operationId: string, attempts: number) => boolean;

const most = 10_000;

/**
 * The count of attempts names each claim, so a gap in those that came here tells that another process has had the operation
 * meanwhile, however well it is known here: what that one asked for may still be under way (ADR 36). What is forgotten is
 * only waited for once more. Whoever is answered `false` waits without an attempt, and comes with the same count again.
 */
export function createAskedHere(): AskedHere {
  const known = new Map<string, number>();
  return (operationId, attempts) => {
    if (known.size > most) known.clear();
    const isMine = attempts === 1 || known.get(operationId) === attempts - 1;
    known.set(operationId, isMine ? attempts : attempts - 1);
    return isMine;
  };
}
