// Buttons as stored actions: messages show opaque keys; who may press, until when and what happens stays here.

import type { ChatAction } from '../models/chat-action.ts';
import type { ShownButton } from '../models/console-message.ts';
import type { Principal } from '../src/core/actor.ts';
import { digestOf } from '../src/core/canonical.ts';
import { derivedId } from '../src/core/ids.ts';
import type { Button, Form, Reply } from '../src/core/reply.ts';
import type { RecordCollection, Records } from '../src/core/store.ts';
import type { Update } from './adapter.ts';
import { refusalBy, wallClock } from './phrases.ts';

export const BUTTON_LIVES_MS = 24 * 3_600_000;

/** The `operation` of a button that only says no: with it, the buttons beside it are a question, answered once. */
export const DECLINE = 'chat.decline';

/** The message that shows the buttons. */
export interface ButtonsOf {
  readonly tenant: string;
  /** Constant for a message however often it is sent: both copies share their buttons' keys. */
  readonly message: string;
  readonly reply: Reply;
  /** The one person the message is for; null where others read it too. */
  readonly onlyFor: string | null;
  readonly at: Date;
}

export interface ChatActions {
  /** Stores what the buttons of a message do, any number of times, and gives what to show. */
  register(message: ButtonsOf): Promise<readonly ShownButton[]>;
  /** Stores what a form does when it is sent, any number of times; the key names it in the submission. */
  registerForm(message: Omit<ButtonsOf, 'reply'>, form: Form): Promise<string>;
  /**
   * The action behind a pressed button, or behind a form that was sent.
   * @throws AppError `action.expired` when it is unknown, too old, or its question was answered; `permission.denied`
   * when it was shown to somebody else.
   * @param refused hears of a press by somebody else before it is refused.
   */
  press(update: Update, button: string, refused: (action: ChatAction) => Promise<void>): Promise<ChatAction>;
  /** The action behind a button as its presser may see it, pressable or not; null when it is not theirs. */
  seen(principal: Principal, button: string): Promise<ChatAction | null>;
}

export function createChatActions(collection: RecordCollection<ChatAction>): ChatActions {
  async function register(message: ButtonsOf): Promise<readonly ShownButton[]> {
    const rows = rowsOf(message);
    const records = collection.scoped(message.tenant);
    for (const { id, body } of rows) {
      const { record, inserted } = await records.insertOnce(id, body);
      if (!inserted) await prolong(records, record, message.at);
    }
    return rows.map(({ id, body }) => ({ id, label: body.label, style: body.style }));
  }

  async function registerForm(shown: Omit<ButtonsOf, 'reply'>, form: Form): Promise<string> {
    const { tenant, message, at } = shown;
    const { title, operation, input, onlyFor = shown.onlyFor } = form;
    const id = derivedId('btn', tenant, message, 'form', digestOf([operation, input]));
    const expiresAt = new Date(at.getTime() + BUTTON_LIVES_MS);
    const plain = { style: null, question: null, answer: null, onlyFor, expiresAt };
    await collection.scoped(tenant).insertOnce(id, { label: title, operation, input, ...plain });
    return id;
  }

  const press: ChatActions['press'] = async (update, button, refused) => {
    const { principal, receivedAt } = update;
    const records = collection.scoped(principal.tenant);
    const action = await records.get(button);
    if (!action) throw refusalBy('action.expired', (say) => say.unknownButton);
    if (action.onlyFor !== null && action.onlyFor !== principal.actor.id) {
      await refused(action);
      throw refusalBy('permission.denied', (say) => say.notYourQuestion);
    }
    if (action.expiresAt <= receivedAt) {
      const until = wallClock(action.expiresAt, principal.zone);
      throw refusalBy('action.expired', (say) => say.pressedTooLate(action.label, until));
    }
    if (action.question !== null) await answerOnce(records, action.question, action, update);
    return action;
  };

  async function seen(principal: Principal, button: string): Promise<ChatAction | null> {
    const action = await collection.scoped(principal.tenant).get(button);
    return action && (action.onlyFor === null || action.onlyFor === principal.actor.id) ? action : null;
  }

  return { register, registerForm, press, seen };
}

/** A live card that is shown again keeps its buttons alive. */
async function prolong(records: Records<ChatAction>, action: ChatAction, at: Date): Promise<void> {
  const wanted = new Date(at.getTime() + BUTTON_LIVES_MS);
  if (wanted.getTime() - action.expiresAt.getTime() < BUTTON_LIVES_MS / 2) return;
  await records.compareAndSet(action, { expiresAt: wanted });
}

/** The first press answers the question; working that same press again is not a second one. */
async function answerOnce(
  records: Records<ChatAction>,
  question: string,
  pressed: ChatAction,
  update: Update,
): Promise<void> {
  const { actor, zone } = update.principal;
  const answer = { press: update.id, by: actor.name, label: pressed.label, at: update.receivedAt };
  for (;;) {
    const holder = await records.get(question);
    if (!holder) throw refusalBy('action.expired', (say) => say.closedQuestion);
    if (holder.answer?.press === update.id) return;
    if (holder.answer) {
      const { by, label, at } = holder.answer;
      throw refusalBy('action.expired', (say) => say.answeredAlready(by, label, wallClock(at, zone)));
    }
    if (await records.compareAndSet(holder, { answer })) return;
  }
}

type Row = { readonly id: string; readonly body: Omit<ChatAction, '_id' | 'tenant' | 'version'> };

function rowsOf({ tenant, message, reply, onlyFor, at }: ButtonsOf): Row[] {
  const expiresAt = new Date(at.getTime() + BUTTON_LIVES_MS);
  return reply.blocks.flatMap((block) => {
    if (block.kind !== 'buttons') return [];
    const idOf = ({ label, operation, input }: Button): string =>
      derivedId('btn', tenant, message, digestOf([label, operation, input]));
    const [first] = block.buttons;
    const isQuestion = block.buttons.some((button) => button.operation === DECLINE);
    return block.buttons.map((button) => ({
      id: idOf(button),
      body: {
        label: button.label,
        style: button.style ?? null,
        operation: button.operation,
        input: button.input,
        onlyFor: button.onlyFor ?? onlyFor,
        question: isQuestion && first ? idOf(first) : null,
        answer: null,
        expiresAt,
      },
    }));
  });
}
