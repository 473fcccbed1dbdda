// What is refused of endpoints, in both languages.
import { AppError } from '../../core/errors.ts';

const conflict = (text: string, inHindi: string): AppError =>
  new AppError('record.conflict', text, { inHindi });

export const unknownEndpoint = (id: string): AppError =>
  new AppError('record.not_found', `There is no endpoint “${id}”. This names them: endpoint list`, {
    inHindi: `“${id}” नाम का कोई पता नहीं है। सभी पते देखने के लिए लिखें: endpoint list`,
  });

export const removedEndpoint = (id: string): AppError =>
  new AppError('record.not_found', `“${id}” was removed.`, { inHindi: `“${id}” हटाया जा चुका है।` });

export const disabledEndpoint = (host: string): AppError =>
  conflict(`“${host}” is disabled; enable it first.`, `“${host}” बंद है; पहले इसे चालू करें: endpoint enable`);

export const unsignedEndpoint = (host: string): AppError =>
  conflict(
    `“${host}” is a chat platform; nothing sent there is signed.`,
    `“${host}” एक चैट प्लेटफ़ॉर्म है; वहाँ भेजी जाने वाली चीज़ों पर हस्ताक्षर नहीं होता।`,
  );

export const setByOperator = (id: string): AppError =>
  conflict(
    `“${id}” is set in the environment by the operator, and changed there.`,
    `“${id}” को ऑपरेटर ने सिस्टम की सेटिंग में तय किया है; यह वहीं बदलता है।`,
  );

export const tooManyEndpoints = (standing: number): AppError =>
  conflict(`There are ${standing} endpoints; remove one first.`, `पहले से ${standing} पते हैं; पहले कोई एक हटाएँ।`);
