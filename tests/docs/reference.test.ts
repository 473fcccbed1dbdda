import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/core/error-catalogue.ts';
import { permissions } from '../../src/core/permissions.ts';
import { features } from '../../src/features.ts';
import {
  renderCoverage,
  renderEnvExample,
  renderEnvironment,
  renderErrors,
  renderEvents,
  renderJobs,
  renderMetrics,
  renderPermissions,
  renderVerbs,
} from '../support/reference.ts';
import { sourceFiles, withoutComments } from '../support/source-tree.ts';

describe('the reference pages are what the code says (npm run docs writes them)', () => {
  it.each([
    ['docs/verbs.md', renderVerbs],
    ['docs/permissions.md', renderPermissions],
    ['docs/errors.md', renderErrors],
    ['docs/environment.md', renderEnvironment],
    ['docs/jobs.md', renderJobs],
    ['docs/events.md', renderEvents],
    ['docs/metrics.md', renderMetrics],
    ['docs/coverage.md', renderCoverage],
    ['.env.example', renderEnvExample],
  ])('%s', async (page, render) => {
    await expect(render()).toMatchFileSnapshot(`../../${page}`);
  });

  it('knows no permission that nothing asks for', () => {
    const asked = features.flatMap(({ operations, pages }) =>
      [...operations, ...pages].map((one) => one.permission),
    );

    expect(Object.keys(permissions).filter((name) => !asked.some((one) => one === name))).toEqual([]);
  });

  it('knows no error code that nothing raises', () => {
    const text = sourceFiles('src', 'bots', 'jobs', 'models')
      .filter(({ path }) => path !== 'src/core/error-catalogue.ts')
      .map((file) => withoutComments(file.text))
      .join('\n');
    const idle = Object.keys(errorCatalogue).filter((code) => !text.includes(`'${code}'`));

    expect(idle).toEqual([]);
  });
});
