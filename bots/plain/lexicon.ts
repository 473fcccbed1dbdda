// Words of English, Hindi and Hinglish that mean the same here, each brought to one plain stem.

/** One line a meaning: the stem first, then every way to say it. Devanagari is written without the nukta. */
const meanings = `
count: kitne kitni kitna कितने कितनी कितना many much number total kul कुल
show: dikhao dikha dikhaye dikhana batao bata bataye bataiye दिखाओ दिखाएं दिखाये दिखाइए बताओ बताएं बताइए see display tell give list dekho dekhna देखना dekhe suchi सूची
what: kya क्या which kaun kaunsa kaunse kaunsi कौन कौनसा कौनसे konsa
who: kisne kisko किसने किसको whom whose
why: kyon kyun kyu क्यों
how: kaise kaisa kaisi कैसे कैसा कैसी
last: pichla pichle pichli पिछला पिछले पिछली akhri aakhri आखिरी aakhiri latest recent newest
next: agla agle agli अगला अगले अगली
my: mera mere meri मेरा मेरे मेरी mine apna apne अपना अपने
open: khula khule khuli खुला खुले खुली pending baki baaki बाकी bache bacha
done: ho-gaya khatam खत्म पूरा poora pura poore finished completed complete closed
fail: fail failed failing failure failures asafal असफल viphal विफल broke broken gadbad गडबड गड़बड़ kharab खराब wrong problem problems issue issues dikkat दिक्कत pareshani
alert: alert alerts chetavani chetawani चेतावनी चेतावनियां चेतावनियाँ alarm alarms
task: task tasks kaam kam काम todo todos काज
experiment: experiment experiments prayog प्रयोग प्रयोगों test tests ab variant variants
protocol: protocol प्रोटोकॉल
run: run runs chalao chalana चलाओ
approve: approve approved manzoor मंजूर मंज़ूर sweekar स्वीकार
approval: approval approvals manzoori manjuri मंजूरी मंज़ूरी permission permissions anumati अनुमति request requests
reject: reject rejected namanzoor नामंजूर inkar refuse decline
revenue: revenue sales sale bikri बिक्री kamai कमाई aamdani amdani आमदनी income earning earnings turnover
transaction: transaction transactions len-den लेनदेन order orders ऑर्डर kharid kharidi
customer: customer customers grahak grahako ग्राहक ग्राहकों client clients buyer buyers
refund: refund refunds wapsi वापसी returned
invite: invite invites invitation invitations nyota nimantran न्योता निमंत्रण आमंत्रण
cost: cost costs kharcha kharch खर्च खर्चा spend spending kimat लागत lagat
payment: payment payments bhugtan भुगतान paisa paise पैसा पैसे paid
subscription: subscription subscriptions sadasyata सदस्यता
metric: metric metrics figure figures ankde aankde आंकड़े आँकड़े numbers stats मेट्रिक kpi kpis
team: team टीम people log logo लोग member members sadasya सदस्य staff
role: role roles bhumika भूमिका
audit: audit ऑडिट log-book history itihas इतिहास changes badlav बदलाव change changed badla बदला
help: help madad मदद sahayata सहायता commands
webhook: webhook webhooks वेबहुक
endpoint: endpoint endpoints
mail: mail mails email emails ईमेल मेल
outbox: outbox
deliver: deliver delivered delivery bheja bheje भेजा भेजे sent send
stuck: stuck atka atke अटका अटके
token: token tokens टोकन
session: session sessions
room: room rooms channel channels kamra कमरा कमरे
stream: stream streams data डेटा facts fact
source: source sources
health: health status haal हाल sthiti स्थिति theek thik ठीक chal chalta चल
start: start shuru शुरू begin resume
stop: stop roko रोको band बंद pause
add: add jodo जोड़ो जोड़ें banao बनाओ create new naya nayi नया नई make
take: take lo लो le ले assign saunpo
drop: drop hatao हटाओ remove delete chhodo
verify: verify jaanch janch jaanch जाँच जांच check
winner: winner winning jeet jeeta जीत leading better best behtar बेहतर
result: result results nateeja natija नतीजा परिणाम parinam evidence
conversion: conversion conversions convert
`;

/** Words that carry nothing here. */
const empty = new Set(
  `a an the of in on at to for from by with and or is are was were be been does did has have had it its this that these those there any all
  please can could would you we us our your us about me-ko ka ke ki ko se mein me par pe aur ya hai hain tha the thi ho hua hue hui raha rahe rahi
  gaya gaye gayi gai kar karo karna kare karen diya de na nahi toh to bhi abhi ab sab sabhi koi kuchh kuch i me mujhe will मुझे मैं main mai wala wale wali
  का के की को से में पर और या है हैं था थे थी हो हुआ हुए हुई रहा रहे रही गया गए गई कर करो करें दो दे ना तो भी अभी अब सब सभी कोई कुछ वाला वाले वाली ने
  hey hi hello ok now currently so far up`.split(/\s+/),
);

const stems: ReadonlyMap<string, string> = new Map(
  meanings
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [stem = '', words = ''] = line.split(': ');
      return [stem, ...words.split(' ')].map((word) => [withoutNukta(word), stem] as const);
    }),
);

/** The stems of a text in its order, without words that carry nothing. */
export function stemsOf(text: string): readonly string[] {
  return wordsIn(text)
    .map(stemOf)
    .filter((stem) => stem !== '');
}

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (empty.has(word)) return '';
  const singular =
    word.length > 3 && /^[a-z]+s$/.test(word) && !word.endsWith('ss') ? word.slice(0, -1) : word;
  return stems.get(singular) ?? singular;
}

function wordsIn(text: string): readonly string[] {
  return withoutNukta(text.toLowerCase()).match(/[\p{L}\p{M}\p{N}_-]+/gu) ?? [];
}

/** `मंज़ूरी` and `मंजूरी` are one word; a composed letter with a nukta is two. */
function withoutNukta(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\u093c/g, '')
    .normalize('NFC');
}
