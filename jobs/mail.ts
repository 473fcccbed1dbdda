// The retention of mails: their words are forgotten after their time.
import type { Job } from './job.ts';

export function mailJobs({ mails }: { readonly mails: { forget(): Promise<number> } }): readonly Job[] {
  return [
    {
      name: 'mail.forget',
      every: '1 hour',
      misfire: 'once',
      about: 'Empties the words of mails that were written more than MAIL_WORDS_DAYS ago; their rows stay.',
      run: async (stop) => {
        while (!stop.aborted && (await mails.forget()) > 0);
      },
    },
  ];
}
