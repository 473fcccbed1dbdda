// What a decision about an alert is refused for: the episode that it was about is over.
import type { AlertGroup } from '../../../models/alert-group.ts';
import { AppError } from '../../core/errors.ts';
import { headline } from './group-text.ts';

/**
 * A button on the card of an earlier episode says politely what became of that one.
 * @throws AppError `record.conflict`
 */
export function assertOpen(group: AlertGroup, episode: number | undefined): void {
  if (episode !== undefined && episode !== group.episode)
    throw new AppError(
      'record.conflict',
      `That alert was over before; “${headline(group)}” is another one.`,
      {
        inHindi: `वह चेतावनी पहले ही समाप्त हो चुकी है; “${headline(group, 'hi')}” दूसरी है।`,
      },
    );
  if (group.status !== 'resolved') return;
  const why = group.resolvedWhy ? `: ${group.resolvedWhy}` : '';
  throw new AppError('record.conflict', `“${headline(group)}” is over${why}.`, {
    inHindi: `“${headline(group, 'hi')}” समाप्त हो चुकी है${why}।`,
  });
}
