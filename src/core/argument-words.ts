// What the arguments of verbs mean, in Hindi, by the English words of their declarations.
import type { Language } from './context.ts';

const hindi: Readonly<Record<string, string>> = {
  'which steps; all unless said': 'कौन से चरण; न बताने पर सभी',
  'how many at most': 'ज़्यादा से ज़्यादा कितने',
  'the id of a run': 'रन की id',
  'how long': 'कितनी देर',
  'the CSV text': 'CSV का पाठ',
  'the key of an experiment': 'प्रयोग की key',
  'the variant that is the default now': 'वह रूप जो अभी डिफ़ॉल्ट है',
  'the column with the unit, such as a user id': 'वह कॉलम जिसमें यूनिट है, जैसे user id',
  'the column with the variant that the unit saw': 'वह कॉलम जिसमें वह रूप है जो यूनिट ने देखा',
  'the column with whether it converted: 1 or 0, true or false':
    'वह कॉलम जो बताए कि कन्वर्ज़न हुआ या नहीं: 1 या 0, true या false',
  'the column with the time of exposure': 'वह कॉलम जिसमें दिखाने का समय है',
  'the column with the order of exposure, where there is no time':
    'वह कॉलम जिसमें दिखाने का क्रम है, अगर समय नहीं है',
  'planned units of all arms; the file’s own number unless said':
    'सभी रूपों में कुल तय यूनिटें; न बताने पर फ़ाइल की अपनी संख्या',
  'what one converted unit costs, as variant=paise': 'एक कन्वर्ज़न की लागत, जैसे variant=paise',
  'what one conversion is worth, in paise': 'एक कन्वर्ज़न का मूल्य, पैसे में',
  'only say what would change': 'केवल बताएँ कि क्या बदलेगा',
  'take the good rows of a file with bad ones': 'ख़राब पंक्तियों वाली फ़ाइल की ठीक पंक्तियाँ ले लें',
  'how many experiments at most': 'ज़्यादा से ज़्यादा कितने प्रयोग',
  'the unit, such as a user id': 'यूनिट, जैसे user id',
  'the look that the proposal rests on': 'वह जाँच (look) जिस पर प्रस्ताव टिका है',
  'the variant that new units shall get': 'वह रूप जो नई यूनिटों को मिले',
  'the look that the proposal rests on; the open one unless said':
    'वह जाँच (look) जिस पर प्रस्ताव टिका है; न बताने पर जो खुली है',
  why: 'क्यों',
  'why not': 'क्यों नहीं',
  'approve: ask; auto: switch and say so; watch: never': 'approve: पूछें; auto: बदलें और बताएँ; watch: कभी न बदलें',
  'full days before the first look': 'पहली जाँच से पहले कितने पूरे दिन',
  'conversions that each arm needs': 'हर रूप के लिए ज़रूरी कन्वर्ज़न',
  'days after which the test ends': 'कितने दिनों बाद प्रयोग ख़त्म हो',
  'waiting for me, open, decided or all': 'मेरे फ़ैसले के लिए, खुले, तय हुए या सभी',
  'the id of a request, its first letters, or the key of what it is about':
    'अनुरोध की id, उसके पहले अक्षर, या जिसके बारे में है उसकी key',
  'the payload that was looked at; a vote on another one is refused':
    'जो देखा गया उसका hash; किसी और पर मत नहीं लिया जाता',
  'the short id once more, where nobody else could approve': 'छोटी id फिर से, जब मंज़ूरी देने वाला कोई और न हो',
  which: 'कौन सी',
  'the alert, by id or by the name of its group': 'चेतावनी, उसकी id या उसके समूह के नाम से',
  'the episode that a card was about': 'कार्ड चेतावनी के किस दौर का था',
  'a name; yourself unless said': 'किसी का नाम; न बताने पर आप ख़ुद',
  '1h, 4h, or until nine tomorrow': '1h, 4h, या कल सुबह नौ बजे तक',
  'why it is over': 'यह क्यों समाप्त हुई',
  'the fact in one line': 'क्या हुआ, एक पंक्ति में',
  'critical calls people': 'critical हो तो लोगों को बुलाया जाता है',
  'what it belongs to: one card for each': 'किस समूह की है: हर समूह का एक कार्ड',
  'names this very trouble: the same again is counted': 'इसी गड़बड़ का नाम: वही फिर आए तो गिनी जाती है',
  'names in the order of calling': 'बुलाने के क्रम में नाम',
  'quiet hours for small ones, or off': 'छोटी चेतावनियों के लिए शांति का समय, या off',
  'what is to be done': 'क्या करना है',
  'what it belongs to': 'किस विषय का है',
  'how soon it matters': 'कितना ज़रूरी है',
  'which tasks': 'कौन से काम',
  'the id of a task, or its first characters': 'काम की id, या उसके पहले अक्षर',
  'what was done': 'क्या किया गया',
  'why it is dropped': 'क्यों छोड़ा जा रहा है',
  'the check-list': 'चेकलिस्ट',
  'take the good lines of a file with bad ones': 'ख़राब पंक्तियों वाली फ़ाइल की ठीक पंक्तियाँ ले लें',
  'the code from the other side; none makes one': 'दूसरी तरफ़ से मिला कोड; न देने पर नया बनता है',
  'that the account named in the answer is yours': 'कि जवाब में बताया गया खाता आपका है',
  'the account or its platform, as /me shows it': 'खाता या उसका प्लेटफ़ॉर्म, जैसा /me दिखाता है',
  'English or Hindi': 'अंग्रेज़ी या हिंदी',
  'IANA time zone': 'IANA समय क्षेत्र',
  'what they are called': 'उनका नाम',
  'what they may do: each role holds what the lesser ones hold':
    'वे क्या कर सकते हैं: हर भूमिका में उससे छोटी भूमिकाओं के अधिकार भी होते हैं',
  'where to mail the link as well': 'लिंक किस पते पर मेल भी किया जाए',
  'somebody on the team, by name or id, or me': 'टीम में किसी का नाम या id, या me',
  'whose token it is: me, or, at the machine, anybody': 'टोकन किसका है: me, या इसी मशीन पर कोई भी',
  'the role of a service account, in place of a person': 'व्यक्ति के बदले सर्विस खाते की भूमिका',
  'what it is for': 'किस काम के लिए है',
  'how long it works': 'कितने दिन चलेगा',
  'the id of a token': 'टोकन की id',
  'the id of a session': 'सत्र की id',
  'the verb, or its first word': 'आदेश, या उसका पहला शब्द',
  'the verb in question': 'जिस आदेश के बारे में पूछना है',
  'the room; the one this is said in unless named': 'कमरा; न बताने पर जिसमें यह लिखा गया',
  'which metric; metrics list names them': 'कौन सा मेट्रिक; नाम metrics list में हैं',
  'a dimension to split by': 'किस हिसाब से बाँटा जाए',
  'against which time: previous, last year, or a range; the like period before unless told':
    'किस समय से तुलना: previous, last year, या कोई अवधि; न बताने पर उतनी ही पिछली अवधि',
  'whether to draw it': 'चित्र बनाया जाए या नहीं',
  'the values of all of them, not only those of the first page': 'केवल पहले पन्ने के नहीं, सभी के मान',
  'the form of the file': 'फ़ाइल का प्रकार',
  'begin a CSV with the mark by which spreadsheets know UTF-8':
    'CSV के शुरू में वह निशान जिससे स्प्रेडशीट UTF-8 पहचानती है',
  'go on after the row of this id': 'इस id की पंक्ति के बाद से',
  'the stream': 'स्ट्रीम',
  'the first day': 'पहला दिन',
  'the last day': 'आख़िरी दिन',
  'only facts with these values, as field=value': 'केवल इन मानों वाले तथ्य, जैसे field=value',
  'goes on after the row of this id': 'इस id की पंक्ति के बाद से',
  'how many': 'कितने',
  'one JSON object on each line, or a JSON array; at most 10000 rows':
    'हर पंक्ति में एक JSON object, या एक JSON array; ज़्यादा से ज़्यादा 10000 पंक्तियाँ',
  'the system whose ids these are: one name through every door': 'ये id किस सिस्टम की हैं: हर जगह एक ही नाम',
  'the text of the file': 'फ़ाइल का पाठ',
  'which column holds which field; a number is the place of a column without a header':
    'किस कॉलम में कौन सी जानकारी है; बिना शीर्षक वाले कॉलम की जगह संख्या दें',
  'the file has no ids: make them from the rows': 'फ़ाइल में id नहीं हैं: पंक्तियों से बना लें',
  'only say what would happen': 'केवल बताएँ कि क्या होगा',
  'only this stream': 'केवल यह स्ट्रीम',
  'the id of one row, or all': 'एक पंक्ति की id, या all',
  'with all: the first day they came': 'all के साथ: आने का पहला दिन',
  'with all: the last day they came': 'all के साथ: आने का आख़िरी दिन',
  'with one: what to mend, as field=value': 'एक के साथ: क्या ठीक करना है, जैसे field=value',
  'what the pull is called; its rows come from the source pull-<name>':
    'इसका नाम; इसकी पंक्तियों का स्रोत pull-<name> होता है',
  'where it is fetched from': 'डेटा किस पते से आए',
  'how often': 'कितनी बार',
  'where the rows stand in the answer; nothing where the answer is the list':
    'जवाब में पंक्तियाँ कहाँ हैं; जवाब ही सूची हो तो ख़ाली छोड़ें',
  'which of their fields is which of ours': 'उनकी कौन सी जानकारी हमारी कौन सी है',
  'the query parameter that asks for what is newer': 'वह query parameter जो नया डेटा माँगता है',
  'the field of theirs whose greatest value it gets': 'उनकी वह field जिसका सबसे बड़ा मान भेजा जाए',
  'the Authorization header the other side wants; kept sealed':
    'दूसरी तरफ़ के लिए Authorization header; सील करके रखा जाता है',
  'a source, or the id of an event': 'कोई स्रोत, या किसी घटना की id',
  'the source, as in its address': 'स्रोत, जैसा उसके पते में है',
  'how the sender signs': 'भेजने वाला हस्ताक्षर कैसे करता है',
  'a secret that the sender made; left out, one is made here': 'भेजने वाले का बनाया सीक्रेट; न देने पर यहाँ बनता है',
  'how long the old one is still taken; 0 ends it now': 'पुराना कितने घंटे और चले; 0 से तुरंत बंद',
  'what its bodies become: incidents and deploys, or rows of a stream':
    'आने वाला डेटा क्या बने: घटनाएँ (events), या किसी स्ट्रीम की पंक्तियाँ',
  "each as field=path, such as key=data.id, or field='a constant'; none takes the mapping away":
    "हर एक field=path के रूप में, जैसे key=data.id, या field='constant'; कुछ न देने पर मैपिंग हट जाती है",
  "the sender's words for ours, each as theirs=ours":
    'हमारे शब्दों के लिए भेजने वाले के शब्द, हर एक theirs=ours के रूप में',
  'the path of the list that holds one row in each element': 'उस सूची का path जिसके हर हिस्से में एक पंक्ति है',
  'events in a minute; more wait, and none is lost': 'एक मिनट में घटनाएँ; बाकी रुकती हैं, कोई खोती नहीं',
  'the id of one event, or dead: all that were given up':
    'एक घटना की id, या dead: जिन पर काम नहीं हो सका वे सभी',
  'of dead: those of this source only': 'dead में से: केवल इस स्रोत की',
  'of dead: those received from then on': 'dead में से: तब से आई हुई',
  'of dead: those received before then': 'dead में से: उससे पहले आई हुई',
  'waiting, sent, or dead: given up': 'waiting: बाकी, sent: भेजे गए, dead: नहीं पहुँचे',
  'the id of one dead letter, or all': 'न पहुँचे एक संदेश की id, या all',
  'the id of an endpoint, or the name of one that the operator set': 'पते की id, या ऑपरेटर के तय किए पते का नाम',
  'the https address; it may hold a token, and is never shown again':
    'https पता; उसमें टोकन हो सकता है, और वह फिर कभी नहीं दिखाया जाता',
  'what listens there': 'वहाँ कौन सुनता है',
  'the events it gets; none named means all': 'कौन सी घटनाएँ भेजी जाएँ; न बताने पर सभी',
  'how long the old secret signs as well': 'पुराने सीक्रेट से कितने घंटे और हस्ताक्षर हों',
  'one delivery, by its id in the outbox': 'एक डिलीवरी, आउटबॉक्स की id से',
  'everything written from then on, delivered or not; without it, what was given up':
    'तब से लिखा सब कुछ, पहुँचा हो या नहीं; न बताने पर जो नहीं पहुँचा',
  'everything written until then': 'तब तक लिखा सब कुछ',
  'only those that stand there': 'केवल इस स्थिति वाले',
  'how many, the newest first': 'कितने, सबसे नए पहले',
  'the id of a mail': 'मेल की id',
  'where to; ALERT_EMAIL unless named': 'किस पते पर; न बताने पर ALERT_EMAIL',
  'one mail address': 'एक ईमेल पता',
  'why, for whoever looks later': 'क्यों, ताकि बाद में देखने वाला समझ सके',
  'a person, a verb or record, or since when': 'कोई व्यक्ति, आदेश या रिकॉर्ड, या कब से',
  'a name or id of a person or token': 'किसी व्यक्ति या टोकन का नाम या id',
  'a verb such as task.add, its noun, or the id of a record':
    'आदेश जैसे task.add, उसका पहला शब्द, या किसी रिकॉर्ड की id',
  'since when': 'कब से',
  'how many rows at most': 'ज़्यादा से ज़्यादा कितनी पंक्तियाँ',
  'a head that was posted before, as <block>:<hash>': 'पहले छापा गया head, <block>:<hash> के रूप में',
};

/** Descriptions that end in an example which the program makes. */
const beginnings: readonly (readonly [english: string, hindi: string])[] = [
  ['over which time: ', 'किस समय का: '],
];

/** What an argument means, for a reader of that language; what has no words in Hindi stays as it was declared. */
export function meaningIn(language: Language, description: string): string {
  if (language === 'en') return description;
  const known = hindi[description];
  if (known !== undefined) return known;
  const begun = beginnings.find(([english]) => description.startsWith(english));
  return begun ? `${begun[1]}${description.slice(begun[0].length)}` : description;
}
