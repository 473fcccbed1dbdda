// One suite for every chat platform: what a person says, presses and sees is the same wherever they are.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scene, Voice } from '../support/talkers/scene.ts';
import { scenes } from '../support/talkers/scenes.ts';

describe.each(scenes)('on %s', (_name, begin) => {
  let scene: Scene;
  let asha: Voice;

  beforeEach(async () => {
    scene = await begin();
    asha = await scene.person('Asha', 'manager');
  });
  afterEach(() => scene.close());

  /** Answers in the private room of this voice, what they said themselves left out. */
  const answersTo = async (voice: Voice): Promise<readonly string[]> =>
    (await voice.transcript()).filter((line) => !line.startsWith('> '));

  describe('a verb', () => {
    it('is carried out and answered, with its buttons', async () => {
      await asha.says('task add "Fix receipts" --priority high');
      await asha.sees('Fix receipts');
      await asha.sees('high');
      expect(await asha.offered()).toEqual(['Drop task', 'List tasks']);
      expect(scene.shelf.applied).toBe(1);
    });

    it('is carried out by a button', async () => {
      await asha.says('task add "Fix receipts"');
      await asha.presses('Drop task');
      await asha.sees('Task tsk_1 dropped.');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('dropped');
    });

    it('that nobody knows is answered with what was probably meant', async () => {
      await asha.inTeam.says('taks list');
      await asha.inTeam.sees('Did you mean');
      await asha.inTeam.sees('/tasks');
    });

    it('is not suggested to whoever may not run it', async () => {
      const vik = await scene.person('Vik', 'viewer');
      await vik.says('task ad');
      await vik.neverSees('/task add');
    });

    it('with a missing argument is asked for it', async () => {
      await asha.says('task add');
      expect(scene.shelf.applied).toBe(0);
      await asha.answers({ title: 'Fix receipts' });
      await asha.sees('Fix receipts');
      expect(scene.shelf.applied).toBe(1);
    });

    it('with a missing argument, said by a command in the room of the team, is asked for it', async () => {
      await asha.inTeam.says('/task add');
      await asha.answers({ title: 'Fix receipts' }, 'team');
      await asha.inTeam.sees('Fix receipts');
      expect(scene.shelf.applied).toBe(1);
    });

    it('with an argument that is wrong is answered with what is wrong, quoting it, and changes nothing', async () => {
      await asha.says('task add "Fix receipts" --priority urgent');
      await asha.sees('urgent');
      await asha.sees('critical');
      expect(scene.shelf.applied).toBe(0);
    });

    it('that fails by a bug is answered with a reference and nothing of its inside', async () => {
      scene.shelf.failures.push(new Error('password=hunter2 at /srv/app.ts:1'));
      await asha.says('shelf fail');
      await asha.sees(/Reference for staff: req_/);
      await asha.neverSees('hunter2');
    });

    it('is told in Hindi to who reads Hindi', async () => {
      const meera = await scene.person('Meera', 'manager', 'hi');
      await meera.says('task drop');
      await meera.says('रद्द करें');
      await meera.sees('रद्द किया गया');
      await meera.says('task drop tsk_1');
      await meera.sees('क्या यह करना है? काम छोड़ें।');
      expect(await meera.offered()).toEqual(['हाँ, task drop', 'नहीं, रहने दें']);
    });
  });

  describe('a dangerous verb', () => {
    beforeEach(async () => {
      await asha.says('task add "Fix receipts"');
      await asha.says('task drop tsk_1');
      await asha.sees('Do this?');
    });

    it('waits for yes', async () => {
      expect(scene.shelf.applied).toBe(1);
      await asha.presses('Yes, task drop');
      await asha.sees('Task tsk_1 dropped.');
      expect(scene.shelf.applied).toBe(2);
    });

    it('is left alone after no, also when yes is pressed later', async () => {
      await asha.presses('No, leave it');
      await asha.sees('nothing was changed');
      await asha.presses('Yes, task drop');
      await asha.sees('This was answered already');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('open');
    });

    it('is not carried out by a button that is a day old', async () => {
      scene.clock.pass(25 * 3_600_000);
      await asha.presses('Yes, task drop');
      await asha.sees('could be pressed until');
      await asha.sees('This works: /task drop');
      expect(scene.shelf.applied).toBe(1);
    });

    it('is confirmed by whoever was asked and by nobody else', async () => {
      const ravi = await scene.person('Ravi', 'admin');
      await ravi.pressesFor(asha, 'Yes, task drop');
      expect(scene.shelf.applied).toBe(1);
      await asha.presses('Yes, task drop');
      expect(scene.shelf.applied).toBe(2);
    });

    it('is not confirmed by somebody who was taken off the team meanwhile', async () => {
      if (asha.principal) await scene.remove(asha.principal);
      if (scene.platform === 'console') return;
      await asha.presses('Yes, task drop');
      expect(scene.shelf.applied).toBe(1);
    });
  });

  describe('what comes twice', () => {
    it('has one effect and one answer, said', async () => {
      await asha.says('task add "Fix receipts"', 'k1');
      await asha.says('task add "Fix receipts"', 'k1');
      scene.restart();
      await asha.says('task add "Fix receipts"', 'k1');
      expect(scene.shelf.applied).toBe(1);
      expect(await answersTo(asha)).toHaveLength(1);
    });

    it('has one effect and one answer, pressed', async () => {
      await asha.says('task add "Fix receipts"');
      await asha.presses('Drop task', 'p1');
      await asha.presses('Drop task', 'p1');
      expect(scene.shelf.applied).toBe(2);
      expect((await answersTo(asha)).filter((line) => line.includes('dropped'))).toHaveLength(1);
    });

    it('by two presses of a person is done once and says so', async () => {
      await asha.says('task add "Fix receipts"');
      await asha.says('task drop tsk_1');
      await asha.presses('Yes, task drop');
      await asha.presses('Yes, task drop');
      await asha.sees('This was answered already');
      expect(scene.shelf.applied).toBe(2);
    });
  });

  describe('who may not', () => {
    it('is refused, nothing is done, and the refusal is in the audit log', async () => {
      const vik = await scene.person('Vik', 'viewer');
      await vik.says('task add "Not mine to add"');
      await vik.sees('Your role is viewer');
      expect(scene.shelf.applied).toBe(0);
      expect(scene.denials).toEqual([
        expect.objectContaining({
          ...{ operation: 'task.add', outcome: 'denied', door: scene.platform },
          actor: expect.objectContaining({ kind: 'person', name: 'Vik' }),
        }),
      ]);
    });

    it('is refused at the button too, whoever was shown it', async () => {
      const vik = await scene.person('Vik', 'viewer');
      await asha.says('task add "Fix receipts"');
      await vik.pressesFor(asha, 'Drop task');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('open');
    });

    it('is a stranger, who learns the way in and nothing of what there is', async () => {
      const eve = scene.stranger('Eve');
      if (!eve) return expect(scene.platform).toBe('console');
      for (const line of ['task add "Let me in"', 'tasks', 'taks', 'no such verb', 'help'])
        await eve.says(line);
      await eve.sees('I do not know you here yet');
      await eve.neverSees(/task|audit/);
      expect(scene.shelf.applied).toBe(0);
      expect(scene.denials.some(({ actor }) => actor.kind === 'stranger')).toBe(true);
    });

    it('is somebody who was taken off the team', async () => {
      if (scene.platform === 'console') return;
      const ravi = await scene.person('Ravi', 'owner');
      if (ravi.principal) await scene.remove(ravi.principal);
      await ravi.says('task add "One more"');
      await ravi.sees('I do not know you here yet');
      expect(scene.shelf.applied).toBe(0);
      expect(scene.denials.at(-1)).toMatchObject({ outcome: 'denied', actor: { kind: 'stranger' } });
    });

    it('is whoever passes for somebody else, in every way there is', async () => {
      for (const [trick, tries] of Object.entries(scene.tricks)) {
        await tries('task add "Passed for an owner"');
        expect(scene.shelf.applied, trick).toBe(0);
      }
      const words = (await scene.rows()).flatMap(({ reply }) => JSON.stringify(reply ?? ''));
      expect(words.join('\n')).not.toContain('Passed for an owner');
    });
  });

  describe('an answer for one person', () => {
    it('is read by them alone, also when asked in the room of the team', async () => {
      const ravi = await scene.person('Ravi', 'manager');
      await asha.says('secret show');
      await asha.sees('The secret of Asha is 4711.');
      await asha.inTeam.says('secret show');
      await ravi.inTeam.neverSees('4711');
      await ravi.neverSees('4711');
    });

    it('goes aside while the room’s own answers stay in the room', async () => {
      const ravi = await scene.person('Ravi', 'manager');
      await asha.inTeam.says('tasks');
      await asha.inTeam.sees('0 tasks pending');
      if (scene.platform !== 'console') await ravi.inTeam.sees('0 tasks pending');
    });
  });

  describe('a button that one person was shown', () => {
    const answersBy = async (name: string): Promise<string> => {
      const rows = (await scene.rows()).filter(({ principal }) => principal?.actor.name === name);
      return JSON.stringify(rows.map(({ reply }) => reply));
    };

    it('is theirs alone, whatever others may do: a press by its key is refused and is in the audit log', async () => {
      const ravi = await scene.person('Ravi', 'owner');
      await asha.says('task add "Fix receipts"');
      await ravi.pressesFor(asha, 'Drop task');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('open');
      expect(await answersBy('Ravi')).toContain('This question was put to somebody else');
      expect(scene.denials).toEqual([
        expect.objectContaining({
          ...{ operation: 'task.drop', outcome: 'denied', door: scene.platform },
          actor: expect.objectContaining({ kind: 'person', name: 'Ravi' }),
        }),
      ]);
      await asha.presses('Drop task');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('dropped');
    });

    it('is theirs also where the answer went aside from the room of the team', async () => {
      const ravi = await scene.person('Ravi', 'owner');
      // In Telegram an answer goes aside only to who has opened the private chat.
      await asha.says('tasks');
      await asha.inTeam.says('secret show');
      await ravi.pressesFor(asha, 'Show it again');
      expect(await answersBy('Ravi')).not.toContain('4711');
      expect(scene.denials).toMatchObject([{ operation: 'secret.show', outcome: 'denied' }]);
    });

    it('is anybody’s who may press it, where the team reads it', async () => {
      if (scene.platform === 'console') return;
      const ravi = await scene.person('Ravi', 'manager');
      await asha.inTeam.says('task add "Fix receipts"');
      await ravi.inTeam.presses('Drop task');
      expect(scene.shelf.tasks.get('tsk_1')?.status).toBe('dropped');
      expect(scene.denials).toEqual([]);
    });
  });

  describe('words of people', () => {
    const hostile: readonly (readonly [string, string])[] = [
      [
        'mentions and links of Slack',
        '<!channel> <!here> <@U0WARDROOM> <https://evil.example|your bank> <#C1>',
      ],
      ['HTML', '<script>alert(1)</script><b>bold</b><a href="https://evil.example">bank</a> &lt;i&gt; &amp;'],
      ['markup', '*bold* _it_ ~no~ `code` ```fence``` [bank](https://evil.example) > quote'],
      ['mentions of Telegram', '@everyone @wardroom_bot /task_drop tsk_1 tg://user?id=1'],
      ['emoji and a broken pair', '👩‍👩‍👧‍👦🇮🇳👍🏽 end \uD83D'],
      ['writing from right to left', 'مرحبا \u202Etxt.exe\u202C שלום \u2066x\u2069'],
      ['nothing to see', '\u0000\u0007\u001b[31m \u200b'],
      ['more than a message holds', `${'नमस्ते दुनिया 👩‍👩‍👧‍👦 <b>&amp; '.repeat(400)}the end`],
      ['one word without an end', 'x'.repeat(9_000)],
    ];

    it.each(hostile)('are shown as text: %s', async (_what, words) => {
      scene.notes.text = words;
      await asha.says('note show');
      const answers = await answersTo(asha);
      expect(answers.length).toBeGreaterThan(0);
      expect(await asha.alarms()).toEqual([]);
      const plain = words
        .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
        .trim()
        .slice(0, 40);
      expect(answers.join('\n').replace(/[\p{Cc}\p{Cf}]/gu, '')).toContain(plain);
    });

    it('may be quoted back by an error without coming alive', async () => {
      await asha.says('task add "Fix" --priority "<!channel><b>x</b>"');
      await asha.sees('<!channel><b>x</b>');
      expect(await asha.alarms()).toEqual([]);
    });

    it('that are too long for a line are refused in words', async () => {
      await asha.says(`task add ${'x'.repeat(25_000)}`);
      expect(scene.shelf.applied).toBe(0);
      expect(await answersTo(asha)).toHaveLength(1);
    });
  });

  describe('a live card', () => {
    it('is one message, edited in place', async () => {
      for (const [revision, words] of ['3 failed', '4 failed', 'All is well again'].entries())
        await scene.showsCard(asha.room, revision + 1, words);
      expect(await answersTo(asha)).toEqual([expect.stringContaining('All is well again')]);
    });

    it('is not shown a second time by what is said after it', async () => {
      await asha.says('tasks');
      await scene.showsCard(asha.room, 1, '3 failed');
      await asha.says('tasks');
      await scene.showsCard(asha.room, 2, '4 failed');
      expect((await answersTo(asha)).filter((line) => line.includes('failed'))).toEqual([
        expect.stringContaining('4 failed'),
      ]);
    });
  });
});
