// Modal forms: opened within three seconds of a press, updated while nobody else did.
import { refuseView } from './block-limits.ts';
import { isJson, type Json, textOf } from './json.ts';
import type { Answer, Method, World } from './methods.ts';
import type { OpenView } from './workspace.ts';

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': open,
  'views.update': (world, given) => {
    const { workspace } = world;
    const external = textOf(given['external_id']);
    const found =
      external === ''
        ? workspace.views.get(textOf(given['view_id']))
        : [...workspace.views.values()].find((open) => externalId(open) === external);
    if (!found) return { error: 'not_found' };
    if (given['hash'] !== undefined && given['hash'] !== found.hash) return { error: 'hash_conflict' };
    const refused = refusal(world, given['view']);
    if (refused) return refused;
    return { view: viewJson(replaceView(world, found, given['view'])) };
  },
};

function open(world: World, given: Json): Answer {
  const { workspace, triggers } = world;
  const refused = refusal(world, given['view']);
  if (refused) return refused;
  const external = isJson(given['view']) ? textOf(given['view']['external_id']) : '';
  const isTaken = [...workspace.views.values()].some((one) => externalId(one) === external);
  if (external !== '' && isTaken) return { error: 'duplicate_external_id' };
  const spent = triggers.spend(textOf(given['trigger_id']));
  if ('error' in spent) return spent;
  const view: OpenView = { id: workspace.freshId('V'), user: spent.user, hash: '', view: {} };
  workspace.views.set(view.id, view);
  return { view: viewJson(replaceView(world, view, given['view'])) };
}

const externalId = ({ view }: OpenView): string => textOf(view['external_id']);

/** Puts this in the place of what the form shows. */
export function replaceView({ workspace }: World, open: OpenView, view: unknown): OpenView {
  open.view = isJson(view) ? view : {};
  open.hash = workspace.freshTs();
  return open;
}

export function refusal({ workspace, nowMs }: World, view: unknown): Answer | null {
  const isReady = (id: string): boolean => (workspace.files.get(id)?.readyMs ?? Infinity) <= nowMs();
  const reasons = refuseView(view, isReady);
  return reasons.length === 0
    ? null
    : { error: 'invalid_arguments', response_metadata: { messages: reasons } };
}

export function viewJson({ id, hash, view }: OpenView): Json {
  return { private_metadata: '', callback_id: '', ...view, id, hash, root_view_id: id };
}
