// A template is declared with the form of its props, and is erased for the renderer like an operation for its doors.
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { Language } from '../../../core/context.ts';
import { AppError } from '../../../core/errors.ts';
import type { Bilingual } from '../../../core/operation.ts';

/** What every mail says of where it comes from. */
export interface MailFrame {
  readonly product: string;
  readonly environment: 'sandbox' | 'production';
  /** Where the room is, for the footer. */
  readonly home: string;
  readonly language: Language;
  /** Where its reader takes themselves off the list. */
  readonly unsubscribe?: string | undefined;
}

/** The parts of a mail that the layout puts together; the title is its subject, too. */
export interface MailContent {
  readonly title: string;
  /** The line that an inbox shows beside the subject. */
  readonly preview: string;
  readonly body: ReactElement;
  /** Why the reader gets this. */
  readonly why: string;
}

interface DeclaredTemplate<P extends z.ZodObject> {
  readonly name: string;
  readonly props: P;
  readonly why: Bilingual;
  readonly write: (props: z.output<P>, frame: MailFrame) => Omit<MailContent, 'why'>;
}

export interface MailTemplate {
  readonly name: string;
  /** @throws AppError `input.invalid` naming the prop that is missing or of the wrong form. */
  write(raw: unknown, frame: MailFrame): MailContent;
}

export function template<P extends z.ZodObject>(declared: DeclaredTemplate<P>): MailTemplate {
  const { name, props, why, write } = declared;
  return {
    name,
    write: (raw, frame) => {
      const read = props.safeParse(raw);
      if (read.success) return { ...write(read.data, frame), why: why[frame.language] };
      const [issue] = read.error.issues;
      const where = issue?.path.join('.') ?? '';
      throw new AppError(
        'input.invalid',
        `The mail “${name}” cannot be written: “${where}”: ${issue?.message ?? ''}.`,
      );
    },
  };
}
