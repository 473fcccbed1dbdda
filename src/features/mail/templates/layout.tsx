// The frame of every mail: product, a loud mark in the sandbox, the content, and why its reader gets it.
import {
  Body,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Section,
  Text,
} from '@react-email/components';
import type { ReactElement } from 'react';
import type { MailContent, MailFrame } from './template.ts';

/**
 * Nothing is loaded from anywhere. Light colours stand on the elements for readers that drop style sheets; those that
 * keep them and are dark get the dark ones.
 */
const css = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  '@media (prefers-color-scheme:dark){',
  '.page{background-color:#14181c!important;color:#e6e9ec!important}',
  '.sheet{background-color:#1c2228!important;border-color:#3a444e!important}',
  '.sheet h1,.sheet p,.sheet td,.sheet th,.sheet div{color:#e6e9ec!important}',
  '.quiet,.sheet .quiet{color:#a9b3bc!important}',
  '.sheet a.plain{color:#8fbcf5!important}',
  '}',
].join('');

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", sans-serif';

const styles = {
  body: { margin: '0', padding: '0' },
  page: { backgroundColor: '#f4f5f6', color: '#1c2228', fontFamily: font, padding: '24px 8px' },
  brand: { color: '#4a5560', fontSize: '14px', margin: '0 0 8px' },
  sandbox: {
    backgroundColor: '#7a4a00',
    color: '#ffffff',
    fontSize: '14px',
    fontWeight: '700',
    margin: '0 0 8px',
    padding: '8px 16px',
  },
  sheet: {
    backgroundColor: '#ffffff',
    border: '1px solid #d5dadf',
    borderRadius: '4px',
    maxWidth: '600px',
    padding: '24px',
  },
  title: { color: '#1c2228', fontSize: '20px', lineHeight: '28px', margin: '0 0 16px' },
  rule: { borderColor: '#d5dadf', margin: '24px 0 16px' },
  foot: { color: '#4a5560', fontSize: '13px', lineHeight: '20px', margin: '0' },
} as const;

const words = {
  en: {
    sandbox: 'SANDBOX: this comes from a test installation; nothing in it is real.',
    why: 'Why you get this',
    unsubscribe: 'Unsubscribe',
  },
  hi: {
    sandbox: 'SANDBOX: यह परीक्षण प्रणाली से आया है; इसमें कुछ भी वास्तविक नहीं है।',
    why: 'यह मेल आपको क्यों मिला',
    unsubscribe: 'सदस्यता समाप्त करें',
  },
} as const;

export function MailLayout({
  content,
  frame,
}: {
  readonly content: MailContent;
  readonly frame: MailFrame;
}): ReactElement {
  const said = words[frame.language];
  return (
    <Html lang={frame.language} dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{content.title}</title>
        <style>{css}</style>
      </Head>
      <Preview>{content.preview}</Preview>
      <Body style={styles.body}>
        <Section className="page" style={styles.page}>
          <Container className="sheet" style={styles.sheet}>
            {frame.environment === 'sandbox' && <Text style={styles.sandbox}>{said.sandbox}</Text>}
            <Text className="quiet" style={styles.brand}>
              {frame.product}
            </Text>
            <Heading as="h1" style={styles.title}>
              {content.title}
            </Heading>
            <Section>{content.body}</Section>
            <Hr style={styles.rule} />
            <Text className="quiet" style={styles.foot}>
              {said.why}: {content.why}{' '}
              <Link className="plain" href={frame.home}>
                {frame.home}
              </Link>
            </Text>
            {frame.unsubscribe !== undefined && (
              <Text className="quiet" style={styles.foot}>
                <Link className="plain" href={frame.unsubscribe}>
                  {said.unsubscribe}
                </Link>
              </Text>
            )}
          </Container>
        </Section>
      </Body>
    </Html>
  );
}
