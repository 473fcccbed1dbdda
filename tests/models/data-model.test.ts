// Holds docs/data-model.md to the definitions and the definitions to the page, and each key to the tenant.
import { describe, expect, it } from 'vitest';
import { allDefinitions } from '../../models/all.ts';
import { renderDataModel } from '../support/data-model.ts';
import { sourceFiles } from '../support/source-tree.ts';

describe('the data model', () => {
  it('lists every collection that a file of models/ declares, and no other', () => {
    const declared = sourceFiles('models').flatMap(({ text }) =>
      [...text.matchAll(/= define(?:Facts|Records)<\w+>\(\{\s*name: '(\w+)'/g)].map((match) => match[1]),
    );
    expect(declared.length).toBeGreaterThan(10);
    expect(allDefinitions.map(({ name }) => name).sort()).toEqual(declared.sort());
    expect(new Set(declared).size).toBe(declared.length);
  });

  it('is the page in docs: update it by running this test with -u', async () => {
    await expect(renderDataModel()).toMatchFileSnapshot('../../docs/data-model.md');
  });

  it('starts every unique key with the tenant', () => {
    const uniques = allDefinitions.flatMap(({ indexes }) => indexes.filter(({ unique }) => unique));
    expect(uniques.length).toBeGreaterThan(0);
    for (const { keys } of uniques) expect(Object.keys(keys)[0]).toBe('tenant');
  });

  it('gives no two indexes of a collection one name', () => {
    for (const { indexes } of allDefinitions)
      expect(new Set(indexes.map(({ name }) => name)).size).toBe(indexes.length);
  });

  it('says of every collection what it holds, who writes it and how long it stays', () => {
    for (const { about } of allDefinitions)
      for (const said of [about.holds, about.writer, about.retention]) expect(said.length).toBeGreaterThan(3);
  });
});
