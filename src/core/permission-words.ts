// What each permission allows, in the words of its reader.
import type { Language } from './context.ts';
import { type Permission, permissions } from './permissions.ts';

const hindi: Readonly<Record<Permission, string>> = {
  'room.use': 'मदद लेना, अपनी जानकारी देखना और मनाही का कारण पूछना',
  'self.manage': 'यहाँ अपनी पहचान देखना और अपने चैट खाते जोड़ना',
  'task.read': 'काम देखना',
  'task.write': 'काम जोड़ना, लेना, पूरा करना और छोड़ना',
  'task.import': 'फ़ाइल से काम जोड़ना',
  'approval.read': 'वे अनुरोध देखना जो आपके हैं या जिन पर आप फ़ैसला कर सकते हैं',
  'approval.vote': 'उन अनुरोधों पर मत देना जिनकी अनुमति आपके पास है',
  'approval.withdraw': 'अपने अनुरोध वापस लेना; admin कोई भी अनुरोध वापस ले सकता है',
  'experiment.read': 'प्रयोग, उनके प्रमाण और चार्ट देखना',
  'experiment.import': 'प्रयोग का डेटा जोड़ना',
  'experiment.approve': 'प्रस्तावित बदलाव को मंज़ूर या नामंज़ूर करना, और वापस लेना',
  'experiment.propose': 'बदलाव के लिए मंज़ूरी माँगना',
  'experiment.manage': 'प्रयोग शुरू और बंद करना, और उनके नियम तय करना',
  'protocol.read': 'प्रोटोकॉल के रन देखना',
  'protocol.run': 'प्रोटोकॉल को अभी चलाना',
  'protocol.manage': 'प्रोटोकॉल रोकना और फिर शुरू करना',
  'alert.read': 'चेतावनियाँ देखना',
  'alert.act': 'चेतावनियाँ स्वीकार करना, अपने पास लेना, चुप करना, उठाना और समाप्त करना',
  'alert.manage': 'तय करना कि चेतावनी पर किसे बुलाया जाए और कब शांति रहे',
  'webhook.read': 'वेबहुक से क्या आया और क्या अस्वीकार हुआ, यह देखना',
  'webhook.manage': 'वेबहुक स्रोत जोड़ना, उनके सीक्रेट बदलना, जाँचना और फिर चलाना',
  'ingest.read': 'स्ट्रीम और उनकी ताज़गी देखना',
  'fact.read': 'किसी संख्या के पीछे के तथ्य और अस्वीकृत पंक्तियाँ देखना',
  'ingest.write': 'तथ्य भेजना और आयात करना, और अस्वीकृत पंक्तियाँ फिर से जोड़ना',
  'metrics.read': 'मेट्रिक देखना और एक्सपोर्ट करना',
  'ingest.manage': 'नियमित आयात जोड़ना, रोकना और हटाना',
  'audit.read': 'ऑडिट लॉग पढ़ना और जाँचना',
  'people.read': 'टीम में कौन है, यह देखना',
  'people.manage': 'लोगों को टीम में बुलाना, भूमिका बदलना, टोकन बनाना और बंद करना',
  'endpoint.read': 'जिन पतों पर घटनाएँ भेजी जाती हैं, उन्हें देखना',
  'endpoint.manage': 'पते जोड़ना, बदलना और जाँचना, और घटनाएँ फिर से भेजना',
  'mail.read': 'मेल और उनकी स्थिति देखना; पते छिपे रहते हैं',
  'mail.manage': 'पूरे पते देखना, जाँच का मेल भेजना, मेल फिर भेजना और किसी पते पर मेल रोकना',
  'operations.read': 'आउटबॉक्स, जॉब और सिस्टम का हाल विस्तार से देखना',
  'operations.manage': 'न पहुँचे संदेश फिर भेजना, जॉब चलाना और रोकना',
};

/** Such as “see tasks”; an English reader gets the words of the table of permissions. */
export function allowedBy(permission: Permission, language: Language): string {
  return language === 'hi' ? hindi[permission] : permissions[permission].allows;
}
