// One request on a page: what would change, the evidence, the forms to vote, and every vote with the payload it was for.
import type { ReactElement } from 'react';
import type { Approval } from '../../../models/approval.ts';
import { operationNamed } from '../../core/operation.ts';
import { holds } from '../../core/permissions.ts';
import { ReplyTable, ReplyView } from '../../ui/components/reply-view.tsx';
import { exactTime } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { approvalOperations } from './operations.ts';
import { shortIdOf } from './parts.ts';
import { approvalReply } from './replies.ts';
import { approversOf } from './words.ts';

const approve = operationNamed(approvalOperations, 'approval.approve');
const reject = operationNamed(approvalOperations, 'approval.reject');
const withdraw = operationNamed(approvalOperations, 'approval.withdraw');

/** A request with what its reader must do to say yes. */
export interface Asked {
  readonly approval: Approval;
  /** Nobody else could approve it: the id must be typed. */
  readonly mustType: boolean;
}

interface RequestProps {
  readonly approval: Approval;
  readonly frame: Frame;
}

export function RequestView({ approval, frame }: RequestProps): ReactElement {
  return <ReplyView reply={approvalReply(approval, { zone: frame.zone, language: 'en' })} />;
}

/** Yes and no, bound to the payload that this page shows. */
export function VoteForms({ approval, mustType, frame }: Asked & { readonly frame: Frame }): ReactElement {
  const { _id, payloadHash, approveLabel } = approval;
  const input = { approval: _id, hash: payloadHash };
  return (
    <div className="actions">
      <PermittedForm
        frame={frame}
        operation={approve}
        label={approveLabel}
        tone="primary"
        input={input}
        fields={mustType ? ['note', 'confirm'] : ['note']}
        confirmText={mustType ? alone(approval) : consequence(approval)}
      />
      <PermittedForm
        frame={frame}
        operation={reject}
        label="Reject"
        tone="danger"
        input={input}
        fields={['reason']}
        confirmText="One no ends it: it can only be asked anew."
      />
    </div>
  );
}

function consequence(approval: Approval): string {
  const left = approval.needed - approversOf(approval).length - 1;
  const what = approval.changes.map((one) => `${one.what}: ${one.before} → ${one.after}.`).join(' ');
  const then =
    left > 0
      ? `It is carried out once ${left} more ${left === 1 ? 'person says' : 'people say'} yes.`
      : 'It is carried out at once.';
  return `${what} ${then}`.trim();
}

const alone = (approval: Approval): string =>
  `Nobody else can approve this, so it is recorded as self-approved: type ${shortIdOf(approval)} to confirm. ${consequence(approval)}`;

/** For whoever asked, and for admins. */
export function WithdrawForm(props: RequestProps & { readonly me: string }): ReactElement | null {
  const { approval, frame, me } = props;
  const mayTakeBack = approval.requester.id === me || holds(frame.person?.role ?? 'viewer', 'people.manage');
  if (approval.state !== 'open' || !mayTakeBack || !mayRun(frame, withdraw)) return null;
  return (
    <PermittedForm
      frame={frame}
      operation={withdraw}
      label="Take it back"
      input={{ approval: approval._id }}
      confirmText="Nothing is done, and the votes are void."
    />
  );
}

export function Votes({ approval, frame }: RequestProps): ReactElement {
  const { votes, payloadHash, stateHash } = approval;
  const rows = votes.map((vote) => [
    vote.name,
    vote.void === null ? vote.kind : `${vote.kind} (void: ${vote.void})`,
    vote.note,
    vote.door,
    exactTime(vote.at, frame.zone),
  ]);
  const columns = ['Who', 'Vote', 'Note', 'Door', 'When'].map((label) => ({ label }));
  return (
    <section aria-labelledby="votes">
      <h2 id="votes">Votes</h2>
      {rows.length === 0 ? (
        <p>Nobody has voted yet.</p>
      ) : (
        <ReplyTable label="Votes" columns={columns} rows={rows} />
      )}
      <p className="quiet-text">
        Payload <code>{payloadHash}</code>, resting on <code>{stateHash}</code>
      </p>
    </section>
  );
}
