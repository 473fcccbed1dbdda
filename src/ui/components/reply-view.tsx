// An answer as HTML: the same blocks that chat shows, drawn for a page. Everything in it is escaped.
import { Fragment, type ReactElement, type ReactNode } from 'react';
import {
  type Block,
  type Button,
  type Column,
  type Reply,
  type Span,
  statusSymbols,
  type Text,
} from '../../core/reply.ts';

interface ReplyViewProps {
  readonly reply: Reply;
  /** How a button is drawn; without it the buttons are left out, since nothing would happen on a press. */
  readonly button?: (button: Button, index: number) => ReactNode;
}

export function ReplyView({ reply, button }: ReplyViewProps): ReactElement {
  return (
    <div className="reply">
      {keyed(reply.blocks).map(({ key, item, index }) => (
        <BlockView
          key={key}
          block={item}
          mark={index === 0 && reply.status ? statusSymbols[reply.status] : undefined}
          tone={reply.status}
          button={button}
        />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly mark: string | undefined;
  readonly tone: Reply['status'];
  readonly button: ReplyViewProps['button'];
}

function BlockView({ block, mark, tone, button }: BlockProps): ReactElement | null {
  switch (block.kind) {
    case 'text':
      return (
        <p>
          {mark && <span className={`status-shape status-${tone}`}>{mark} </span>}
          <TextView text={block.text} />
        </p>
      );
    case 'context':
      return (
        <p className="quiet-text">
          <TextView text={block.text} />
        </p>
      );
    case 'fields':
      return (
        <dl className="fields">
          {block.fields.map((field) => (
            <div key={field.label}>
              <dt>{field.label}</dt>
              <dd>
                <TextView text={field.value} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'list':
      return (
        <ul>
          {keyed(block.items).map(({ key, item }) => (
            <li key={key}>
              <TextView text={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <ReplyTable {...block} label={block.columns.map((column) => column.label).join(', ')} />;
    case 'picture':
      return <img className="picture" alt={block.alt} src={pictureAddress(block.svg)} />;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'form':
      return <p>{block.form.title}</p>;
    case 'buttons':
      return button ? <div className="actions">{block.buttons.map(button)}</div> : null;
  }
}

/** A small table as answers and charts have it: no sorting, no pages. */
export function ReplyTable(props: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Text[])[];
  /** What the region is called. */
  readonly label: string;
}): ReactElement {
  const numeric = (index: number): string | undefined =>
    props.columns[index]?.numeric ? 'number' : undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-region" tabIndex={0} aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column, index) => (
              <th key={column.label} scope="col" className={numeric(index)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(props.rows).map(({ key, item: row }) => (
            <tr key={key}>
              {keyed(row).map(({ key: cell, item, index }) => (
                <td key={cell} className={numeric(index)}>
                  <TextView text={item} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Inline text: bold, code and links; a link that leads anywhere but to a page is shown as its text. */
export function TextView({ text }: { readonly text: Text }): ReactElement {
  if (typeof text === 'string') return <>{text}</>;
  return (
    <>
      {keyed(text).map(({ key, item }) => (
        <Fragment key={key}>{spanView(item)}</Fragment>
      ))}
    </>
  );
}

function spanView(span: Span): ReactNode {
  if (typeof span === 'string') return span;
  if ('bold' in span) return <strong>{span.bold}</strong>;
  if ('code' in span) return <code>{span.code}</code>;
  return isPageAddress(span.href) ? <a href={span.href}>{span.link}</a> : `${span.link} (${span.href})`;
}

/** Only http, https, mail and our own paths: never `javascript:`, `data:` or `//elsewhere`. */
function isPageAddress(href: string): boolean {
  return /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(href);
}

/** As an image, so that nothing in a picture can run or reach out. */
function pictureAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** Keys for lists that have no ids of their own and are drawn once. */
function keyed<T>(
  items: readonly T[],
): readonly { readonly key: string; readonly item: T; readonly index: number }[] {
  return items.map((item, index) => ({ key: String(index), item, index }));
}
