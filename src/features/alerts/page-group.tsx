// One alert group on the page: what it counts, how it stands, and what can be done about it.
import { DateTime } from 'luxon';
import type { ReactElement } from 'react';
import type { Alert } from '../../../models/alert.ts';
import type { AlertGroup } from '../../../models/alert-group.ts';
import { operationNamed } from '../../core/operation.ts';
import { StatusMark } from '../../ui/components/status.tsx';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { PermittedForm } from '../../ui/permitted-form.tsx';
import { isSilenced } from './group-state.ts';
import { headline, statusOf } from './group-text.ts';
import { alertOperations } from './operations.ts';

const acknowledge = operationNamed(alertOperations, 'alert.acknowledge');
const assign = operationNamed(alertOperations, 'alert.assign');
const silence = operationNamed(alertOperations, 'alert.silence');
const unsilence = operationNamed(alertOperations, 'alert.unsilence');
const resolve = operationNamed(alertOperations, 'alert.resolve');

/** How a group stands, in words. */
export function stateWords(group: AlertGroup, { now, zone }: Frame): string {
  if (group.status === 'resolved') return group.resolvedWhy === '' ? 'Over' : `Over: ${group.resolvedWhy}`;
  if (isSilenced(group, now) && group.silencedUntil)
    return `Silent until ${DateTime.fromJSDate(group.silencedUntil, { zone }).toFormat('d LLL HH:mm')}`;
  if (group.status === 'waiting') return 'Gathering';
  return group.acknowledgedBy === null ? 'Not acknowledged' : 'Acknowledged';
}

/** The buttons of a group, for a row of a table. */
export function GroupActions({
  group,
  frame,
}: {
  readonly group: AlertGroup;
  readonly frame: Frame;
}): ReactElement | null {
  if (group.status === 'resolved') return null;
  const input = { alert: group._id };
  return (
    <>
      {group.acknowledgedBy === null && (
        <PermittedForm frame={frame} operation={acknowledge} label="Acknowledge" input={input} fields={[]} />
      )}
      {group.assignee === null && (
        <PermittedForm frame={frame} operation={assign} label="Assign to me" input={input} fields={[]} />
      )}
    </>
  );
}

/** Everything one group counts, with all that can be done about it. */
export function ChosenGroup({
  group,
  alerts,
  frame,
}: {
  readonly group: AlertGroup;
  readonly alerts: readonly Alert[];
  readonly frame: Frame;
}): ReactElement {
  const input = { alert: group._id };
  const isOpen = group.status !== 'resolved';
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen">{headline(group)}</h2>
      <p>
        <StatusMark status={statusOf(group, frame.now)} word={stateWords(group, frame)} />, since{' '}
        <RelativeTime at={group.since} now={frame.now} zone={frame.zone} />
        {group.total > alerts.length && `; the newest ${alerts.length} of ${formatCount(group.total)} alerts`}
      </p>
      <div className="table-region">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Times
              </th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {alerts.map((alert) => (
              <tr key={alert._id}>
                <td>
                  {alert.link?.startsWith('/') ? <a href={alert.link}>{alert.title}</a> : alert.title}
                  {Object.entries(alert.facts).map(([label, value]) => (
                    <small key={label} className="line quiet-text">
                      {label}: {value}
                    </small>
                  ))}
                </td>
                <td>{alert.status === 'firing' ? 'Firing' : `Over: ${alert.why}`}</td>
                <td className="number">{formatCount(alert.count)}</td>
                <td>
                  <RelativeTime at={alert.lastAt} now={frame.now} zone={frame.zone} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isOpen && (
        <div className="actions">
          <GroupActions group={group} frame={frame} />
          {isSilenced(group, frame.now) ? (
            <PermittedForm
              frame={frame}
              operation={unsilence}
              label="End the silence"
              input={input}
              fields={[]}
            />
          ) : (
            <PermittedForm frame={frame} operation={silence} label="Silence" input={input} fields={['for']} />
          )}
          <PermittedForm
            frame={frame}
            operation={resolve}
            label="Resolve"
            tone="danger"
            input={input}
            fields={['reason']}
            confirmText={`Ends ${formatCount(group.firing)} firing. What is still wrong fires again when it is noticed.`}
          />
        </div>
      )}
    </section>
  );
}
