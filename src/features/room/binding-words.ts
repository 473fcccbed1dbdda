// What the verbs that bind rooms say, in both languages.
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';

interface Words {
  readonly none: string;
  readonly howToBind: Text;
  readonly belong: (count: number) => string;
  readonly room: string;
  readonly bound: (room: string) => Text;
  readonly unbound: (room: string) => Text;
}

export const bindingWords: Readonly<Record<Language, Words>> = {
  en: {
    none: 'No room was bound by hand.',
    howToBind: 'In a channel or group: /room bind',
    belong: (count) => `${count} ${count === 1 ? 'room belongs' : 'rooms belong'} to the team.`,
    room: 'Room',
    bound: (room) => [
      { code: room },
      ' belongs to the team: answers may be read and announcements go there.',
    ],
    unbound: (room) => [{ code: room }, ' is told nothing any more; answers there are for the asker alone.'],
  },
  hi: {
    none: 'अभी तक कोई कमरा टीम से नहीं जोड़ा गया।',
    howToBind: ['जोड़ने के लिए चैनल या ग्रुप में लिखें: ', { code: '/room bind' }],
    belong: (count) => (count === 1 ? '1 कमरा टीम का है।' : `${count} कमरे टीम के हैं।`),
    room: 'कमरा',
    bound: (room) => ['अब से ', { code: room }, ' में सबको जवाब दिखेंगे और सूचनाएँ आएँगी।'],
    unbound: (room) => ['अब से ', { code: room }, ' में सूचनाएँ नहीं आएँगी और जवाब केवल पूछने वाले को दिखेंगे।'],
  },
};
