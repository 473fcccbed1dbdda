// The frame that a page is drawn in by a test of that page alone: no menu, nothing waiting, the times in UTC.
import type { Frame } from '../../src/ui/frame.ts';

export function plainFrame(given: Pick<Frame, 'person' | 'path' | 'query' | 'now'>): Frame {
  return {
    tenant: 'default',
    environment: 'sandbox',
    zone: 'UTC',
    language: 'en',
    menu: [],
    csrfToken: 'csrf',
    freshEffect: () => 'effect',
    ...given,
  };
}
