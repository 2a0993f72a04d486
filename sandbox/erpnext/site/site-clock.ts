/** The site's clock: naive local times of its zone, as Frappe writes them. */
export type SiteClock = {
  /** `YYYY-MM-DD` in the site's zone. */
  today(): string;
  /** `YYYY-MM-DD HH:MM:SS.ffffff` in the site's zone, naive, later than every stamp before it. */
  stamp(): string;
};

/** Odd enough that stamps rarely end in 000: whoever cuts microseconds off must be noticed. */
const microsecondStep = 389;

export function siteClock(timeZone: string, now: () => Date): SiteClock {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  let last = 0;
  let tail = 0;
  return {
    today: () => format.format(now()).slice(0, 10),
    stamp: () => {
      tail = (tail + microsecondStep) % 1000;
      last = Math.max(last + 1, now().getTime() * 1000 + tail);
      const fraction = String(last % 1_000_000).padStart(6, '0');
      return `${format.format(new Date(Math.floor(last / 1000)))}.${fraction}`;
    },
  };
}

/** `date` moved by whole days; both `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** `date` moved by whole months, held at the month's last day as Python's `relativedelta` does. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return first.toISOString().slice(0, 10);
}
