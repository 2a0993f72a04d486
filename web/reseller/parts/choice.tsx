import type { ReactNode } from 'react';

type Option<V> = { readonly value: V; readonly shown: ReactNode };
type Props<V> = {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly Option<V>[];
  readonly chosen: V;
  readonly onChoose: (value: V) => void;
};

/** One of some: radio buttons, each as wide as the screen. */
export function Choice<V extends string>({ legend, name, options, chosen, onChoose }: Props<V>) {
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
