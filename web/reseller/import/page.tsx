import { type ChangeEvent, useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import type { Outcome } from '../../app/api/request.ts';
import { Alert } from '../../app/parts/alert.tsx';
import { Button } from '../../app/parts/button.tsx';
import { addressOf } from '../../app/route.ts';
import { numberOf } from '../../app/texts/language.ts';
import type { Import, ImportRow } from '../api/shapes.ts';
import { tellNews } from '../api/use-answer.ts';
import { Page } from '../parts/page.tsx';
import { Row, Rows } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

const kinds = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Phones name spreadsheets as they please: the ending counts. */
const spreadsheetOf = (file: File): Blob => {
  const type = file.name.toLowerCase().endsWith('.xlsx') ? kinds.xlsx : kinds.csv;
  return new Blob([file], { type });
};

type Shown =
  | { readonly is: 'nothing' | 'busy' | 'away' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'seen'; readonly file: Blob; readonly preview: Import }
  | { readonly is: 'done'; readonly made: Import };

/** A row may have become wrong since it was seen: somebody else registered the same name. */
const told = (file: Blob, made: Import): Shown =>
  made.bad > 0 ? { is: 'seen', file, preview: made } : { is: 'done', made };
const failed = (outcome: Exclude<Outcome<unknown>, { is: 'done' }>): Shown => outcome;

function RowShown({ row: { row, name, phone, plan, errors, warnings } }: { readonly row: ImportRow }) {
  const t = useTexts();
  return (
    <Row>
      <span className="text-base text-quiet">{t.import.row(numberOf(row))}</span>
      <span className="block font-semibold break-words">{name}</span>
      <span className="block text-base break-words">{[phone, plan].filter((one) => one !== '').join(' · ')}</span>
      {errors.map(({ column, message }) => (
        <span key={`${column} ${message}`} className="block break-words text-bad">
          {t.import.columns[column] ?? column}: {message}
        </span>
      ))}
      {warnings.map(({ column, message }) => (
        <span key={`${column} ${message}`} className="block break-words text-wait">
          {t.import.columns[column] ?? column}: {message}
        </span>
      ))}
    </Row>
  );
}

function Preview({ preview, onGo }: { readonly preview: Import; readonly onGo: () => void }) {
  const t = useTexts();
  const { rows, good, bad, imported_before: isOld } = preview;
  const wrong = rows.filter(({ errors }) => errors.length > 0);
  return (
    <>
      <div role="status" className="font-semibold">
        <p className="text-good">{t.import.good(numberOf(good))}</p>
        {bad > 0 && <p className="text-bad">{t.import.bad(numberOf(bad))}</p>}
      </div>
      <p>{isOld ? t.import.before : bad > 0 ? t.import.mend : t.import.sure}</p>
      {!isOld && bad === 0 && good > 0 && (
        <Button look="main" isBig onPress={onGo}>
          {t.import.go(numberOf(good))}
        </Button>
      )}
      <Rows>
        {(wrong.length > 0 ? wrong : rows).map((row) => (
          <RowShown key={row.row} row={row} />
        ))}
      </Rows>
    </>
  );
}

/** Who was made, each with the password, once: to print and to hand out. */
function Made({ made: { customers, imported_before: isOld } }: { readonly made: Import }) {
  const t = useTexts();
  return (
    <>
      <p role="status" className="text-xl font-bold text-good">
        ✓ {isOld ? t.import.before : t.import.done(numberOf(customers.length))}
      </p>
      {customers.length > 0 && (
        <>
          <p className="font-semibold print:hidden">{t.register.once}</p>
          <Button onPress={() => print()}>{t.print}</Button>
        </>
      )}
      <Rows>
        {customers.map(({ customer_id, name, username, password }) => (
          <Row key={customer_id}>
            <span className="block font-semibold break-words">{name}</span>
            <span className="block break-words">
              {t.register.username}: {username}
            </span>
            <span className="block break-words">
              {t.register.password}: {password}
            </span>
          </Row>
        ))}
      </Rows>
    </>
  );
}

/** Present customers out of a spreadsheet: seen first, then all or none. The same file twice is taken in once. */
export function ImportPage() {
  const t = useTexts();
  const [shown, setShown] = useState<Shown>({ is: 'nothing' });
  const path = 'reseller/customers/import';

  async function preview(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = event.target.files ?? [];
    // The same file, mended, must be seen as a new choice.
    event.target.value = '';
    if (!file) return;
    setShown({ is: 'busy' });
    const blob = spreadsheetOf(file);
    const outcome = await ask<Import>('POST', `${path}?preview=true`, { blob });
    setShown(outcome.is === 'done' ? { is: 'seen', file: blob, preview: outcome.body } : failed(outcome));
  }
  async function go(file: Blob): Promise<void> {
    setShown({ is: 'busy' });
    const outcome = await ask<Import>('POST', `${path}?preview=false`, { blob: file });
    setShown(outcome.is === 'done' ? told(file, outcome.body) : failed(outcome));
    tellNews();
  }

  return (
    <Page title={t.import.title} back={addressOf('more')}>
      <p>{t.import.hint}</p>
      <label className="flex min-h-16 items-center justify-center rounded-xl border-2 border-deep bg-deep px-3 text-xl font-semibold text-white focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-deep">
        {t.import.choose}
        <input type="file" accept=".csv,.xlsx,text/csv" className="sr-only" onChange={(event) => void preview(event)} />
      </label>
      {shown.is === 'busy' && <p role="status">{t.import.checking}</p>}
      {shown.is === 'away' && <Alert>{t.import.away}</Alert>}
      {shown.is === 'refused' && <Alert>{shown.message}</Alert>}
      {shown.is === 'done' && <Made made={shown.made} />}
      {shown.is === 'seen' && <Preview preview={shown.preview} onGo={() => void go(shown.file)} />}
    </Page>
  );
}
