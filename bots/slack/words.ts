// What people type in Slack, as they meant it: its escapes undone, its links and names as plain words.

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Plain words of a message; a person's mention stays `<@U1>`, which says who is meant. */
export function plainWords(text: string): string {
  return text
    .replace(/<(@[A-Z0-9]+)\|[^>]*>/g, '<$1>')
    .replace(/<#[A-Z0-9]+\|([^>]+)>/g, '#$1')
    .replace(/<!subteam\^[A-Z0-9]+\|(@[^>]+)>/g, '$1')
    .replace(/<!(\w+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<mailto:[^|>]+\|([^>]+)>/g, '$1')
    .replace(/<((?:https?|tel):[^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);
}

/** Without the bot's own mention at the start: what follows is said to it. */
export function withoutMentionOf(botUser: string, text: string): string {
  const words = text.trimStart();
  const mention = new RegExp(`^<@${botUser}>[:,]?\\s*`);
  return words.replace(mention, '');
}

/**
 * `/ops task add x` and `/task add x` are one line, and so is `/anything task add x`: a command that is no verb is the
 * name the app goes by. Alone it asks what there is.
 */
export function lineOfCommand(command: string, text: string, verbs: ReadonlySet<string>): string {
  const rest = plainWords(text).trim();
  if (verbs.has(command.replace(/^\//, ''))) return `${command} ${rest}`.trim();
  return rest === '' ? '/help' : `/${rest.replace(/^\//, '')}`;
}
