// The few parts that the bodies of mails are made of: paragraphs, a button, named facts and a table.
import { Button, Link, Text } from '@react-email/components';
import { Fragment, type ReactElement } from 'react';

const styles = {
  text: { color: '#1c2228', fontSize: '16px', lineHeight: '24px', margin: '0 0 16px' },
  quiet: { color: '#4a5560', fontSize: '14px', lineHeight: '20px', margin: '0 0 16px' },
  button: {
    backgroundColor: '#1f5fa8',
    borderRadius: '4px',
    color: '#ffffff',
    fontSize: '16px',
    fontWeight: '600',
    padding: '12px 20px',
    textDecoration: 'none',
  },
  link: { color: '#1f5fa8', overflowWrap: 'anywhere' },
  label: { color: '#4a5560' },
  table: { borderCollapse: 'collapse', margin: '0 0 16px', width: '100%' },
  cell: { borderBottom: '1px solid #d5dadf', color: '#1c2228', fontSize: '15px', padding: '6px 12px 6px 0' },
} as const;

/** One paragraph for each line. */
export function Lines({
  text,
  quiet = false,
}: {
  readonly text: string;
  readonly quiet?: boolean;
}): ReactElement {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return (
    <>
      {keyed(lines).map(({ key, item }) => (
        <Text key={key} {...(quiet ? { className: 'quiet' } : {})} style={quiet ? styles.quiet : styles.text}>
          {item}
        </Text>
      ))}
    </>
  );
}

/** A button and its address below, for readers that show no buttons; what leads to no web page is shown as text. */
export function Action({ label, href }: { readonly label: string; readonly href: string }): ReactElement {
  if (!isWebAddress(href)) return <Text style={styles.text}>{`${label}: ${href}`}</Text>;
  return (
    <>
      <Text style={styles.text} data-skip-in-text={true}>
        <Button href={href} style={styles.button}>
          {label}
        </Button>
      </Text>
      <Text style={styles.quiet}>
        {label}:{' '}
        <Link className="plain" href={href} style={styles.link}>
          {href}
        </Link>
      </Text>
    </>
  );
}

/** Only http and https: never `javascript:`, `data:` or a path of nowhere. */
export function isWebAddress(href: string): boolean {
  return /^https?:\/\//i.test(href) && URL.canParse(href);
}

/** Names and values, one a line. */
export function Facts({
  facts,
}: {
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}): ReactElement | null {
  if (facts.length === 0) return null;
  return (
    <Text style={styles.text}>
      {keyed(facts).map(({ key, item, index }) => (
        <Fragment key={key}>
          {index > 0 && <br />}
          <span className="quiet" style={styles.label}>
            {item.label}:
          </span>{' '}
          {item.value}
        </Fragment>
      ))}
    </Text>
  );
}

/** Rows under headings; numbers to the right. */
export function Table(props: {
  readonly columns: readonly { readonly label: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
}): ReactElement {
  const align = (index: number): 'left' | 'right' => (props.columns[index]?.numeric ? 'right' : 'left');
  return (
    <table data-text-format="dataTable" style={styles.table}>
      <thead>
        <tr>
          {keyed(props.columns).map(({ key, item, index }) => (
            <th key={key} scope="col" style={{ ...styles.cell, textAlign: align(index) }}>
              {item.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keyed(props.rows).map(({ key, item: row }) => (
          <tr key={key}>
            {keyed(row).map(({ key: place, item: cell, index }) => (
              <td key={place} style={{ ...styles.cell, textAlign: align(index) }}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Keys for lists that have no ids of their own and are drawn once. */
function keyed<T>(items: readonly T[]) {
  return items.map((item, index) => ({ key: String(index), item, index }));
}
