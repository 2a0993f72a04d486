/** A plan's speeds as the customer sees them, in kbps (k = 1000). Burst parts are absent together or not at all. */
export type Speed = {
  readonly downKbps: number;
  readonly upKbps: number;
  readonly burst?: {
    readonly downKbps: number;
    readonly upKbps: number;
    readonly downThresholdKbps: number;
    readonly upThresholdKbps: number;
    readonly seconds: number;
  };
  /** 1 (high) to 8. */
  readonly priority?: number;
};

const rate = (kbps: number): string => (kbps % 1000 === 0 ? `${kbps / 1000}M` : `${kbps}k`);

/**
 * `Mikrotik-Rate-Limit` from the router's point of view: rx is the customer's upload, tx its download; the fields are
 * positional, so a priority needs burst, threshold and time before it (MikroTik's manual).
 */
export function mikrotikRateLimit(speed: Speed): string {
  const base = `${rate(speed.upKbps)}/${rate(speed.downKbps)}`;
  if (!speed.burst && speed.priority === undefined) return base;
  const b = speed.burst ?? {
    downKbps: speed.downKbps,
    upKbps: speed.upKbps,
    downThresholdKbps: speed.downKbps,
    upThresholdKbps: speed.upKbps,
    seconds: 1,
  };
  const burst = `${rate(b.upKbps)}/${rate(b.downKbps)} ${rate(b.upThresholdKbps)}/${rate(b.downThresholdKbps)} ${b.seconds}/${b.seconds}`;
  return speed.priority === undefined ? `${base} ${burst}` : `${base} ${burst} ${speed.priority}`;
}
