import { Labelled } from '../../app/parts/field.tsx';

type Props = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

/** As long as the hub keeps a message. */
const longest = 2_000;

export function LongText({ label, value, onChange }: Props) {
  return (
    <Labelled label={label}>
      <textarea
        rows={4}
        maxLength={longest}
        value={value}
        required
        onChange={(event) => onChange(event.target.value)}
        className="mt-1 block w-full rounded-xl border-2 border-quiet bg-white px-3 py-2"
      />
    </Labelled>
  );
}
