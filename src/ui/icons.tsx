// The icons: a small set of line drawings that take the colour and size of the text beside them.
import type { ReactElement } from 'react';

const paths = {
  overview: 'M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z',
  console: 'M3 4h14v10H9l-4 3v-3H3zM6.5 7.5h7M6.5 10.5h4',
  experiments: 'M8 3v5L3.5 15.5A1 1 0 0 0 4.4 17h11.2a1 1 0 0 0 .9-1.5L12 8V3M6.5 3h7M6 12.5h8',
  protocol: 'M10 3a7 7 0 1 0 7 7M10 6v4l3 2M13.5 3.5 17 3l-.5 3.5',
  vouchers: 'M3 6h14v3a1.5 1.5 0 0 0 0 3v2H3v-2a1.5 1.5 0 0 0 0-3zM12 6.5v1.2M12 9.4v1.2M12 12.3v1.2',
  bugs: 'M7 8a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM7 10H3.5M16.5 10H13M7 7.5 4.5 5M13 7.5 15.5 5M7 13l-2.5 2.5M13 13l2.5 2.5',
  tasks: 'M3 5.5 4.5 7 7 4.5M3 12.5l1.5 1.5L7 11.5M10 6h7M10 13h7',
  alerts: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1H3.5zM8.5 17h3',
  approvals: 'M10 3l6 2v5c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V5zM7.5 10l2 2 3.5-4',
  growth: 'M3 16V4M3 16h14M5.5 13l3.5-4 3 2 4.5-6',
  reports: 'M5 3h7l3 3v11H5zM8 9h4M8 12h4',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 17c0-3 2-5 5-5s5 2 5 5M13 4a3 3 0 0 1 0 5.5M14.5 12.5c2 .5 3 2.3 3 4.5',
  outbox: 'M3 11h4l1.5 2h3L13 11h4M3 11v5h14v-5M10 10V3M7 6l3-3 3 3',
  mail: 'M3 5h14v10H3zM3 6l7 5.5L17 6',
  webhooks: 'M10 3v9M6.5 8.5 10 12l3.5-3.5M4 13v4h12v-4',
  data: 'M4 5c0-2.5 12-2.5 12 0v10c0 2.5-12 2.5-12 0zM4 5c0 2.5 12 2.5 12 0M4 10c0 2.5 12 2.5 12 0',
  audit: 'M4 3h12v14H4zM7 7h6M7 10h6M7 13h3',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  close: 'M5 5l10 10M15 5 5 15',
  up: 'M10 15V5M6 9l4-4 4 4',
  down: 'M10 5v10M6 11l4 4 4-4',
  both: 'M7 15V5M4.5 7.5 7 5l2.5 2.5M13 5v10M10.5 12.5 13 15l2.5-2.5',
} as const;

export type IconName = keyof typeof paths;

/** A decoration: a word always stands beside it, so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
