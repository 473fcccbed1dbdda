// The chat page: what was said and answered, buttons as forms, and a line to type into; it works without script.
import type { ReactElement } from 'react';
import type { Principal } from '../../src/core/actor.ts';
import type { Ctx } from '../../src/core/context.ts';
import type { Block } from '../../src/core/reply.ts';
import { ReplyView } from '../../src/ui/components/reply-view.tsx';
import { RelativeTime } from '../../src/ui/components/time.tsx';
import type { Frame } from '../../src/ui/frame.ts';
import { pagesOf } from '../../src/ui/page.ts';
import type { ConsoleDoor, ConsoleMessage } from './door.ts';

const HERE = '/console';
const SAY = '/console/messages';
const PRESS = '/console/press';
/** How often the page looks for what is new. */
const POLL = 'every 3s';

const page = pagesOf<{ console: ConsoleDoor }>();

export const consolePage = page({
  path: HERE,
  permission: 'room.use',
  menu: { section: 'Room', label: 'Console', order: 10, icon: 'console' },
  load: ({ services, ...ctx }) => services.console.messages(principalOf(ctx), undefined),
  title: 'Console',
  view: ({ messages }, frame) => <Console messages={messages} frame={frame} />,
});

function principalOf({ tenant, actor, zone, language }: Ctx): Principal {
  return { tenant, actor, zone, language };
}

interface ConsoleProps {
  readonly messages: readonly ConsoleMessage[];
  readonly frame: Frame;
}

/**
 * Only the log is drawn anew by polling, so that what is being typed is left alone; saying something draws the line
 * anew as well, since each line carries its own effect key.
 */
function Console({ messages, frame }: ConsoleProps): ReactElement {
  return (
    <div className="console">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="console-scroll" aria-label="Conversation" tabIndex={0}>
        <section
          id="console-log"
          className="console-log"
          role="log"
          aria-label="Messages"
          data-poll=""
          hx-get={HERE}
          hx-trigger={POLL}
          hx-select="#console-log"
          hx-swap="outerHTML"
        >
          {messages.length === 0 ? (
            <p className="quiet-text">
              Nothing was said yet. Say <code>/help</code> to see what you may do.
            </p>
          ) : (
            messages.map((message) => <Message key={message.id} message={message} frame={frame} />)
          )}
        </section>
      </section>
      <SayForm frame={frame} />
    </div>
  );
}

function SayForm({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <form id="console-say" className="console-say" method="post" action={SAY} {...answeredInPlace(SAY)}>
      <HiddenFields frame={frame} />
      <label htmlFor="console-text">Message</label>
      <input
        id="console-text"
        name="text"
        required
        autoComplete="off"
        autoCapitalize="off"
        enterKeyHint="send"
        placeholder="/help"
        aria-describedby="console-hint"
      />
      <button type="submit" className="primary">
        Say
      </button>
      <small id="console-hint">
        A verb and its words, such as <code>/tasks</code>; <code>/help</code> lists yours.
      </small>
    </form>
  );
}

function Message({
  message,
  frame,
}: {
  readonly message: ConsoleMessage;
  readonly frame: Frame;
}): ReactElement {
  const { id, mine, author, at, shared } = message;
  return (
    <article className={mine ? 'console-message mine' : 'console-message'} aria-labelledby={`${id}-by`}>
      <header id={`${id}-by`}>
        <strong>{mine ? 'You' : author}</strong>
        {shared && <span> to everybody</span>} <RelativeTime at={at} now={frame.now} zone={frame.zone} />
      </header>
      <MessageBody message={message} />
      {message.buttons.length > 0 && (
        <div className="actions">
          {message.buttons.map((button) => (
            <form key={button.id} method="post" action={PRESS} {...answeredInPlace(PRESS)}>
              <HiddenFields frame={frame} />
              <input type="hidden" name="id" value={button.id} />
              <button type="submit" className={button.style ?? 'secondary'}>
                {button.label}
              </button>
            </form>
          ))}
        </div>
      )}
    </article>
  );
}

/** Pictures come by their own address, so that the page stays small; everything else is drawn as it stands. */
function MessageBody({ message }: { readonly message: ConsoleMessage }): ReactElement {
  return <>{partsOf(message.blocks).map((part, index) => drawPart(message, part, index === 0))}</>;
}

type Part =
  | { readonly key: string; readonly blocks: readonly Block[] }
  | { readonly key: string; readonly picture: number; readonly alt: string };

function drawPart({ id, status }: ConsoleMessage, part: Part, isFirst: boolean): ReactElement {
  if ('picture' in part)
    return (
      <img key={part.key} className="picture" alt={part.alt} src={`${SAY}/${id}/pictures/${part.picture}`} />
    );
  const reply = isFirst && status ? { status, blocks: part.blocks } : { blocks: part.blocks };
  return <ReplyView key={part.key} reply={reply} />;
}

function partsOf(blocks: readonly Block[]): readonly Part[] {
  const parts: Part[] = [];
  let pictures = 0;
  let run: Block[] = [];
  const endRun = (): void => {
    if (run.length > 0) parts.push({ key: `blocks-${parts.length}`, blocks: run });
    run = [];
  };
  for (const block of blocks) {
    if (block.kind === 'picture') {
      endRun();
      parts.push({ key: `picture-${pictures}`, picture: pictures, alt: block.alt });
      pictures += 1;
    } else run.push(block);
  }
  endRun();
  return parts;
}

function HiddenFields({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <>
      <input type="hidden" name="_csrf" value={frame.csrfToken} />
      <input type="hidden" name="_effect" value={frame.freshEffect()} />
      <input type="hidden" name="_back" value={HERE} />
    </>
  );
}

/** With script: the answer is the console page itself, of which the log and the line are put in place. */
function answeredInPlace(address: string): Readonly<Record<string, string>> {
  return {
    'hx-post': address,
    'hx-target': '#console-log',
    'hx-select': '#console-log',
    'hx-select-oob': '#console-say',
    'hx-swap': 'outerHTML',
    'hx-disabled-elt': 'find button',
  };
}
