// What tasks say, in both languages; values that people type stay as they are.
import type { TaskPriority, TaskStatus } from '../../../models/task.ts';
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';
import type { ImportOutcome, TaskView } from './service.ts';
import type { ShownTask } from './shapes.ts';

interface Words {
  readonly added: (task: ShownTask) => Text;
  readonly taken: (task: ShownTask) => Text;
  readonly done: (task: ShownTask) => Text;
  readonly dropped: (task: ShownTask) => Text;
  readonly take: string;
  readonly finish: string;
  readonly counted: (total: number, view: TaskView) => string;
  readonly addOne: string;
  readonly more: (rest: number) => string;
  readonly columns: readonly string[];
  readonly priority: (priority: TaskPriority) => Text;
  readonly status: Readonly<Record<TaskStatus, string>>;
  readonly imported: (outcome: ImportOutcome) => string;
  readonly line: (line: number, problem: string) => string;
}

export const words: Readonly<Record<Language, Words>> = {
  en: {
    added: ({ title, priority }) => ['Added ', { bold: title }, ` (${priority})`],
    taken: ({ title, owner }) => [{ bold: title }, ` is held by ${owner}`],
    done: ({ title }) => ['Done: ', { bold: title }],
    dropped: ({ title, note }) => ['Dropped: ', { bold: title }, ` — ${note}`],
    take: 'Take it',
    finish: 'Done',
    counted: (total, view) => {
      if (total === 0) return view === 'pending' ? '0 TASKS PENDING' : `No tasks are ${view}`;
      return `${total} ${total === 1 ? 'TASK' : 'TASKS'} ${view.toUpperCase()}`;
    },
    addOne: 'Add one with: task add "…"',
    more: (rest) => `${rest} more; raise --limit to see them`,
    columns: ['Id', 'Task', 'Priority', 'Status', 'Owner'],
    priority: (priority) => priority,
    status: { open: 'open', taken: 'taken', done: 'done', dropped: 'dropped' },
    imported: ({ added, read, known, dryRun }) =>
      `${added} of ${read} tasks ${dryRun ? 'would be added' : 'added'}; ${known} were known`,
    line: (line, problem) => `line ${line}: ${problem}`,
  },
  hi: {
    added: ({ title, priority }) => ['काम जोड़ दिया गया: ', { bold: title }, ' (', { code: priority }, ')'],
    taken: ({ title, owner }) => [{ bold: title }, ` अब ${owner} के ज़िम्मे है`],
    done: ({ title }) => ['काम पूरा हुआ: ', { bold: title }],
    dropped: ({ title, note }) => ['काम छोड़ दिया गया: ', { bold: title }, ` — ${note}`],
    take: 'अपने ज़िम्मे लें',
    finish: 'पूरा हुआ',
    counted: countedInHindi,
    addOne: 'नया काम जोड़ने के लिए लिखें: task add "…"',
    more: (rest) => `${rest} और ${rest === 1 ? 'है' : 'हैं'}; देखने के लिए --limit बढ़ाएँ`,
    columns: ['Id', 'काम', 'प्राथमिकता', 'स्थिति', 'किसके ज़िम्मे'],
    priority: (priority) => [{ code: priority }],
    status: { open: 'खुला', taken: 'लिया गया', done: 'पूरा', dropped: 'छोड़ा गया' },
    imported: ({ added, read, known, dryRun }) => {
      const [one, many] = dryRun ? ['जुड़ेगा', 'जुड़ेंगे'] : ['जुड़ा', 'जुड़े'];
      return `${read} में से ${added} काम ${added === 1 ? one : many}; पहले से मौजूद: ${known}`;
    },
    line: (line, problem) => `पंक्ति ${line}: ${problem}`,
  },
};

function countedInHindi(total: number, view: TaskView): string {
  const [none, some] = hindiViews[view];
  return total === 0 ? none : some(total);
}

type Count = (total: number) => string;

const hindiViews: Readonly<Record<TaskView, readonly [none: string, some: Count]>> = {
  pending: ['कोई काम बाकी नहीं है', (total) => `${total} काम बाकी ${total === 1 ? 'है' : 'हैं'}`],
  mine: ['आपके ज़िम्मे कोई काम नहीं है', (total) => `${total} काम आपके ज़िम्मे ${total === 1 ? 'है' : 'हैं'}`],
  done: ['अभी तक कोई काम पूरा नहीं हुआ', (total) => `${total} काम पूरे हुए`],
  dropped: ['कोई काम छोड़ा नहीं गया', (total) => `${total} काम छोड़े गए`],
  all: ['अभी तक कोई काम नहीं है', (total) => `कुल ${total} काम`],
};
