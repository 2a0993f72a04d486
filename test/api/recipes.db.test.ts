import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, recipes } from './recipes.ts';
import { firstOf, openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage('a');
}, 180_000);
afterAll(() => stage?.close());

describe('the recipes of the API', { timeout: 300_000 }, () => {
  it('every operation of the OpenAPI document has one, and none is for a route that is gone', () => {
    expect(Object.keys(recipes).sort()).toEqual(stage.operations.map(({ at }) => at).sort());
  });

  it('O3: every operation, called as its recipe says, answers with a 2xx that it documents', async () => {
    const tenant = firstOf(stage);
    const answers: Record<string, string> = {};
    for (const operation of stage.callable) {
      const told = await called(operation, tenant);
      const isGood = told.status >= 200 && told.status < 300 && String(told.status) in operation.responses;
      if (!isGood) answers[operation.at] = `${told.status} ${told.text.slice(0, 200)}`;
    }
    expect(answers).toEqual({});
  });
});
