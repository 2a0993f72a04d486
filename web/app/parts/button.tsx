import type { ReactNode } from 'react';

const looks = {
  main: 'bg-deep text-white border-deep',
  plain: 'bg-white text-ink border-ink',
  bad: 'bg-bad text-white border-bad',
  quiet: 'bg-white text-bad border-bad',
} as const;

type Props = {
  readonly onPress: () => void;
  readonly children: ReactNode;
  readonly look?: keyof typeof looks;
  readonly isOff?: boolean;
  /** The one of a page that a thumb is meant to find. */
  readonly isBig?: boolean;
};

/** At least 52 pixels high: for a thumb, with gloves, on a ladder. */
export function Button({ onPress, children, look = 'plain', isOff = false, isBig = false }: Props) {
  const size = isBig ? 'min-h-16 text-xl' : 'min-h-13 text-lg';
  return (
    <button
      type="button"
      disabled={isOff}
      onClick={onPress}
      className={`${size} ${looks[look]} w-full rounded-xl border-2 px-3 py-2 font-semibold active:brightness-90 disabled:opacity-50 print:hidden`}
    >
      {children}
    </button>
  );
}
