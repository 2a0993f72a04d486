const looks = {
  good: 'bg-good-pale text-good border-good',
  bad: 'bg-bad-pale text-bad border-bad',
  wait: 'bg-wait-pale text-wait border-wait',
  plain: 'bg-white text-quiet border-line',
} as const;

export type PillLook = keyof typeof looks;

/** A word for a state; the colour says it again, never alone. */
export function Pill({ look, text }: { readonly look: PillLook; readonly text: string }) {
  return (
    <span className={`${looks[look]} inline-block shrink-0 rounded-full border px-2.5 py-0.5 text-base font-semibold`}>
      {text}
    </span>
  );
}
