// Why something cannot be decided on an experiment, in both languages.
import type { Experiment, Proposal } from '../../../models/experiment.ts';
import { AppError } from '../../core/errors.ts';
import { decidedSentence } from './decided-words.ts';

const conflict = (text: string, inHindi: string): AppError =>
  new AppError('record.conflict', text, { inHindi });

export const noExperiment = (key: string): AppError =>
  new AppError('record.not_found', `There is no experiment “${key}”. “experiments” lists them.`, {
    inHindi: `“${key}” नाम का कोई प्रयोग नहीं है। सभी प्रयोग देखने के लिए लिखें: experiments`,
  });

export const nothingToUndo = ({ key, current }: Experiment): AppError =>
  conflict(
    `“${key}” gives new units ${current}; there is no switch to roll back.`,
    `“${key}” में नई यूनिटों को ${current} मिलता है; वापस लेने के लिए कोई बदलाव नहीं है।`,
  );

export const noProposal = (key: string): AppError =>
  conflict(`“${key}” has no open proposal.`, `“${key}” में कोई खुला प्रस्ताव नहीं है।`);

export const otherLook = (key: string, look: number, newest: number): AppError =>
  conflict(
    `That was the proposal of look ${look}; the newest one of “${key}” is of look ${newest}.`,
    `वह जाँच ${look} का प्रस्ताव था; “${key}” का सबसे नया प्रस्ताव जाँच ${newest} का है।`,
  );

export const otherWinner = (key: string, { look, winner }: Proposal, wanted: string): AppError =>
  conflict(
    `Look ${look} of “${key}” proposes ${winner}, not ${wanted}.`,
    `“${key}” की जाँच ${look} में ${winner} का प्रस्ताव है, ${wanted} का नहीं।`,
  );

/** Says who decided. */
export const decidedAlready = (key: string, proposal: Proposal, zone: string): AppError =>
  conflict(
    `The proposal of “${key}” is decided: ${decidedSentence(proposal, zone)}.`,
    `“${key}” के प्रस्ताव पर फ़ैसला हो चुका है: ${decidedSentence(proposal, zone, 'hi')}।`,
  );

export const fitsNoLonger = ({ key, current }: Experiment, { previous }: Proposal): AppError =>
  conflict(
    `“${key}” now gives new units ${current}, not ${previous}: the proposal no longer fits.`,
    `“${key}” में नई यूनिटों को अब ${previous} नहीं, ${current} मिलता है: प्रस्ताव अब लागू नहीं होता।`,
  );

/** @param why what is wrong with the data, in both languages. */
export const blockedNow = (key: string, why: { readonly en: string; readonly hi: string }): AppError =>
  conflict(`“${key}” is blocked: ${why.en}`, `“${key}” पर ${why.hi}`);

export const countsAreBusy = (key: string): AppError =>
  new AppError('record.busy', `The counts of “${key}” are being folded by others.`, {
    inHindi: `“${key}” की गिनती अभी कहीं और जोड़ी जा रही है।`,
  });
