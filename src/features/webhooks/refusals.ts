// What is refused of webhook sources and events, in both languages.
import { AppError } from '../../core/errors.ts';

export const unknownSource = (name: string): AppError =>
  new AppError('record.not_found', `There is no source “${name}”. This lists them: webhook list`, {
    inHindi: `“${name}” नाम का कोई स्रोत नहीं है। सभी स्रोत देखने के लिए लिखें: webhook list`,
  });

export const unknownEvent = (id: string): AppError =>
  new AppError('record.not_found', `There is no event “${id}” in the webhook inbox.`, {
    inHindi: `वेबहुक में “${id}” नाम की कोई घटना नहीं है।`,
  });

export const sourceWithoutSecret = (name: string): AppError =>
  new AppError('record.conflict', `“${name}” has no secret yet, so that everything is refused.`, {
    inHindi: `“${name}” का अभी कोई सीक्रेट नहीं है, इसलिए सब कुछ अस्वीकार होता है।`,
  });

export const sourceTaken = (name: string): AppError =>
  new AppError(
    'record.conflict',
    `There is a source “${name}” already. This gives it another secret: webhook rotate ${name}`,
    { inHindi: `“${name}” नाम का स्रोत पहले से है। उसे नया सीक्रेट देने के लिए: webhook rotate ${name}` },
  );

export const sourceOfOwnShape = (name: string): AppError =>
  new AppError(
    'record.conflict',
    `“${name}” has a shape of its own; only sources that staff added are mapped.`,
    { inHindi: `“${name}” का अपना तय रूप है; मैपिंग केवल टीम के जोड़े स्रोतों की होती है।` },
  );
