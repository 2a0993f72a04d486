import type { ReactNode } from 'react';

type Option = { readonly value: string; readonly shown: ReactNode };
type Props = {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly Option[];
  readonly chosen: string;
  readonly onChoose: (value: string) => void;
};

/** One of some: radio buttons, each as wide as the screen. */
export function Choice({ legend, name, options, chosen, onChoose }: Props) {
  return (
    <fieldset className="space-y-2">
      <legend className="font-semibold">{legend}</legend>
      {options.map(({ value, shown }) => (
        <label
          key={value}
          className={`flex min-h-13 items-center gap-3 rounded-xl border-2 bg-white px-3 py-2 ${value === chosen ? 'border-deep' : 'border-line'}`}
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
            className="size-6 shrink-0 accent-deep"
          />
          <span className="min-w-0 flex-1">{shown}</span>
        </label>
      ))}
    </fieldset>
  );
}
