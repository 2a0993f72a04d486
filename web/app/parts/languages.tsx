import { useStored } from '../kept/stored.ts';
import { language, languages, type PageLanguage } from '../texts/language.ts';

export function Languages() {
  const chosen = useStored(language);
  return (
    <div className="grid grid-cols-2 gap-2">
      {(Object.keys(languages) as PageLanguage[]).map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === chosen}
          onClick={() => language.write(one)}
          className={`min-h-13 rounded-xl border-2 font-semibold ${one === chosen ? 'border-deep bg-deep text-white' : 'border-line bg-white'}`}
        >
          {languages[one]}
        </button>
      ))}
    </div>
  );
}
