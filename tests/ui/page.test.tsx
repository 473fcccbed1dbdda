// What a declared page promises the door, and what a form promises its operation.
import { describe, expect, it } from 'vitest';
import { invalidInput, problemsOf } from '../../src/core/problems.ts';
import { reply } from '../../src/core/reply.ts';
import { etagOf } from '../../src/ui/etag.ts';
import { OperationForm } from '../../src/ui/form.tsx';
import { postedTexts, rawFromForm } from '../../src/ui/form-input.ts';
import { renderPage } from '../../src/ui/layout.tsx';
import { menuOf } from '../../src/ui/menu.ts';
import { type Page, pagesOf } from '../../src/ui/page.ts';
import { addTask, dropTask, sampleCtx, sampleFrame } from './samples.tsx';

const HOSTILE = '<script>alert("x")</script>';

const greeting = pagesOf<{ names: { of(id: string): Promise<string> } }>()({
  path: '/admin/names/:id',
  permission: 'room.use',
  trail: () => [{ label: 'Names', href: '/admin/names' }],
  load: async ({ services }, query) => ({ name: await services.names.of(query['id'] ?? '') }),
  title: (model) => `About ${model.name}`,
  view: (model, frame) => <p>{`${model.name} at ${frame.tenant}`}</p>,
});

describe('a page', () => {
  it('loads with its services and is drawn as a whole document with everything escaped', async () => {
    const services = { names: { of: async (id: string) => `${id} ${HOSTILE}` }, more: 1 };

    const pages: Page<typeof services>[] = [greeting];
    const drawn = await pages[0]?.render({ ...sampleCtx, services }, { id: '7' }, sampleFrame());

    expect(drawn?.title).toBe(`About 7 ${HOSTILE}`);
    expect(drawn?.html).toMatch(/^<!doctype html><html lang="en"/);
    expect(drawn?.html).toContain('<h1>About 7 &lt;script&gt;');
    expect(drawn?.html).toContain('<a href="/admin/names">Names</a>');
    expect(drawn?.html).not.toContain('<script>alert');
  });

  it('has no inline style, no inline script and one h1', () => {
    const html = renderPage(
      sampleFrame(),
      'Tasks',
      <OperationForm frame={sampleFrame()} operation={addTask} label="Add" />,
    );

    expect(html).not.toMatch(/ style="|<style| on[a-z]+="/);
    expect(html.match(/<script(?![^>]* src=)/g)).toBeNull();
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it('shouts SANDBOX in a sandbox and says nothing of it in production', () => {
    expect(renderPage(sampleFrame(), 'Tasks', null)).toContain('>SANDBOX<');
    expect(renderPage(sampleFrame({ environment: 'production' }), 'Tasks', null)).not.toContain('SANDBOX');
  });

  it('shows neither menu nor sign-out to somebody who has not signed in', () => {
    const html = renderPage(sampleFrame({ person: null }), 'Sign in', null);

    expect(html).not.toContain('id="rail"');
    expect(html).not.toContain('Sign out');
  });

  it('keeps its ETag while only the keys of its forms change, and changes it with what is seen', () => {
    const draw = (title: string, effect: string) =>
      renderPage(
        sampleFrame(),
        title,
        <OperationForm frame={sampleFrame({ freshEffect: () => effect })} operation={addTask} label="Add" />,
      );

    expect(etagOf(draw('Tasks', 'one'))).toBe(etagOf(draw('Tasks', 'two')));
    expect(etagOf(draw('Tasks', 'one'))).not.toBe(etagOf(draw('Other', 'one')));
  });
});

describe('the menu', () => {
  const page = (path: string, order: number) =>
    ({ path, permission: 'people.manage', menu: { section: 'System', label: path, order } }) as const;

  it('lists only what the role may open, in order, with what waits', () => {
    const pages = [page('/b', 2), page('/a', 1), { path: '/hidden', permission: 'room.use' } as const];

    expect(menuOf(pages, 'viewer')).toEqual([]);
    expect(menuOf(pages, 'admin', new Map([['/b', 4]])).map(({ path, waiting }) => [path, waiting])).toEqual([
      ['/a', 0],
      ['/b', 4],
    ]);
  });
});

describe('a form of an operation', () => {
  it('carries its token, a fresh effect key each time and the way back with its query', () => {
    const frame = sampleFrame({ query: { sort: 'due' } });
    const html = renderPage(
      frame,
      'Tasks',
      <>
        <OperationForm frame={frame} operation={addTask} label="Add" />
        <OperationForm frame={frame} operation={dropTask} label="Drop" input={{ task: 'tsk_1' }} />
      </>,
    );

    expect(html).toContain('action="/admin/operations/task.add"');
    expect(html).toContain('name="_csrf" value="csrf-sample"');
    expect(html).toContain('name="_back" value="/admin/tasks?sort=due"');
    expect(html.match(/name="_effect" value="effect-\d"/g)).toEqual([
      'name="_effect" value="effect-1"',
      'name="_effect" value="effect-2"',
    ]);
  });

  it('asks before a dangerous operation, saying what will happen', () => {
    const html = renderPage(
      sampleFrame(),
      'Tasks',
      <OperationForm
        frame={sampleFrame()}
        operation={dropTask}
        label="Drop task"
        input={{ task: 't' }}
        fields={[]}
        confirmText="Takes 1 task off the list."
      />,
    );

    expect(html).toMatch(/<details class="confirm" name="confirm"><summary[^>]*>Drop task<\/summary>/);
    expect(html).toContain('Takes 1 task off the list.');
    expect(html).toContain('>Yes, drop task</button>');
  });

  it('shows a refused form again with what was given, each problem beside its field, and the summary in focus', () => {
    const posted = { title: '', severity: 'huge', _csrf: 'x' };
    const problems = problemsOf(addTask.input, rawFromForm(addTask.input, posted));
    const error = invalidInput(problems);
    const frame = sampleFrame({
      flash: {
        role: 'alert',
        reply: reply(error.publicMessage),
        requestId: 'req_9',
        form: { operation: 'task.add', input: postedTexts(posted), problems: error.fields },
      },
    });

    const html = renderPage(frame, 'Tasks', <OperationForm frame={frame} operation={addTask} label="Add" />);

    expect(html).toMatch(/role="alert" tabindex="-1" autofocus=""/i);
    expect(html).toContain('href="#field-task-add-title"');
    expect(html).toContain('id="field-task-add-title"');
    expect(html).toContain('Severity “huge” is none of low, normal, high');
    expect(html).toContain('req_9');
  });

  it('marks only the form that was refused among several of one operation', () => {
    const frame = sampleFrame({
      flash: {
        role: 'alert',
        reply: reply('no'),
        form: {
          operation: 'task.drop',
          input: { task: 'tsk_2' },
          problems: [{ field: 'reason', problem: 'is too long' }],
        },
      },
    });
    const html = renderPage(
      frame,
      'Tasks',
      ['tsk_1', 'tsk_2'].map((task) => (
        <OperationForm key={task} frame={frame} operation={dropTask} label="Drop" input={{ task }} />
      )),
    );

    expect(html.match(/aria-invalid="true"/g)).toHaveLength(1);
    expect(html.match(/<details class="confirm" name="confirm" open="">/g)).toHaveLength(1);
  });
});

describe('what a form posts', () => {
  it('becomes the raw input its schema judges: numbers, ticks and lists by their kinds, empty fields absent', () => {
    const body = {
      _csrf: 'x',
      title: ' Ring ',
      days: '12,50,000',
      tags: 'sms\nurgent, late',
      quiet: ['false', 'true'],
      notes: '',
    };

    expect(rawFromForm(addTask.input, body)).toEqual({
      title: 'Ring',
      days: 1_250_000,
      tags: ['sms', 'urgent', 'late'],
      quiet: true,
    });
  });

  it('keeps what cannot be read as the text it was, so that the problem quotes it', () => {
    const raw = rawFromForm(addTask.input, { title: 'x', days: 'soon' });

    expect(problemsOf(addTask.input, raw)).toEqual([
      { field: 'days', problem: '“soon” is not a whole number', example: '7' },
    ]);
  });

  it('never gives a secret back', () => {
    expect(postedTexts({ title: 'a', password: 'hunter22', _effect: 'e' }, ['password'])).toEqual({
      title: 'a',
    });
  });
});
