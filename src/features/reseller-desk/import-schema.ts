import { z } from '@hono/zod-openapi';
import { importColumns } from './import-rows.ts';
import { faultCodes } from './import-words.ts';

export const ImportQuery = z.object({
  preview: z
    .enum(['true', 'false'])
    .default('true')
    .openapi({ description: 'true: says what would come of it, and changes nothing' }),
});

const Fault = z.object({
  column: z.enum(importColumns),
  code: z.enum(faultCodes),
  message: z.string().openapi({ description: 'In the tenant’s language' }),
});
const Row = z.object({
  row: z.int().openapi({ description: 'As the spreadsheet counts; its heading is row 1' }),
  name: z.string(),
  phone: z.string(),
  plan: z.string(),
  errors: z.array(Fault),
  warnings: z.array(Fault).openapi({ description: 'What was mended, and should be looked at' }),
});
const Made = z.object({
  row: z.int(),
  customer_id: z.uuid(),
  customer_code: z.string(),
  name: z.string(),
  username: z.string(),
  password: z.string().openapi({ description: 'The PPPoE password; it stands in this answer only' }),
});

export const Imported = z
  .object({
    preview: z.boolean(),
    imported_before: z.boolean().openapi({ description: 'This very file was: nothing was done' }),
    good: z.int(),
    bad: z.int().openapi({ description: 'As long as there is one, nothing is imported' }),
    rows: z.array(Row),
    customers: z.array(Made).openapi({ description: 'Those that were made' }),
  })
  .openapi('ImportedCustomers', {
    example: {
      preview: true,
      imported_before: false,
      good: 1,
      bad: 1,
      rows: [
        { row: 2, name: 'Budi Santoso', phone: '08123456789', plan: 'Home 10', errors: [], warnings: [] },
        {
          row: 3,
          name: 'Siti',
          phone: '8.12346E+11',
          plan: 'Home 10',
          errors: [
            {
              column: 'phone',
              code: 'scientific',
              message: 'ditulis Excel sebagai 8.12346E+11, angkanya hilang: ubah sel menjadi teks lalu ketik ulang',
            },
          ],
          warnings: [],
        },
      ],
      customers: [],
    },
  });
export type Imported = z.infer<typeof Imported>;
