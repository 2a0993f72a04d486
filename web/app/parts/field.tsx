import type { ReactNode } from 'react';

const fieldLook = 'mt-1 block min-h-13 w-full rounded-xl border-2 border-quiet bg-white px-3';

/** A name above what is to be filled in; the label is the field's, so a touch on it is one on the field. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given
    <label className="block">
      <span className="font-semibold">{label}</span>
      {children}
    </label>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: string;
  readonly hint?: string;
  /** What a browser may fill in by itself (HTML's `autocomplete`). */
  readonly complete?: string;
  readonly keys?: 'numeric' | 'tel' | 'search';
  readonly longest?: number;
  readonly isOptional?: boolean;
  /** As typed: no capitals, no corrections. */
  readonly isPlain?: boolean;
};

export function Field({ label, value, onChange, type = 'text', hint, complete = 'off', keys, ...rest }: FieldProps) {
  const { longest, isOptional = false, isPlain = false } = rest;
  return (
    <Labelled label={label}>
      <input
        className={fieldLook}
        type={type}
        value={value}
        placeholder={hint}
        autoComplete={complete}
        inputMode={keys}
        maxLength={longest}
        autoCapitalize={isPlain ? 'none' : undefined}
        spellCheck={false}
        required={!isOptional}
        onChange={(event) => onChange(event.target.value)}
      />
    </Labelled>
  );
}
