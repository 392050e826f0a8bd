/**
 * Replaces `detector-module.ts` in the executable: the same functions, whose code is compiled on the first call
 * that needs it, from source text embedded in the executable.
 */
import { loadPart } from '../../host/platform/index.ts';
import { encodedParts } from '../detect/encoded-names.ts';
import type * as detectorModule from './detector-module.ts';
import { KeywordSet } from '../detect/keyword-set.ts';

type DetectorModule = typeof detectorModule;

/**
 * Inserted by the bundler: the words of which every secret contains one, and a string that differs for any
 * other code.
 */
declare const __keywords: readonly string[];
declare const __codeIdentity: string;

let keywords: KeywordSet | undefined;
let loaded: DetectorModule | undefined;

export const newFileExaminer: DetectorModule['newFileExaminer'] = (options) =>
  detector().newFileExaminer(options);

export const newStreamExaminer: DetectorModule['newStreamExaminer'] = (options) =>
  detector().newStreamExaminer(options);

export const newBlobExaminer: DetectorModule['newBlobExaminer'] = (options) =>
  detector().newBlobExaminer(options);

export const openRules: DetectorModule['openRules'] = (...of) => detector().openRules(...of);

export const customRulesOf: DetectorModule['customRulesOf'] = (...of) => detector().customRulesOf(...of);

export const ruleDescriptions: DetectorModule['ruleDescriptions'] = (...of) =>
  detector().ruleDescriptions(...of);

export const ruleCatalogue: DetectorModule['ruleCatalogue'] = (...of) => detector().ruleCatalogue(...of);

export const rulesWithoutMatch: DetectorModule['rulesWithoutMatch'] = (...of) =>
  detector().rulesWithoutMatch(...of);

export const codeIdentity: DetectorModule['codeIdentity'] = () => __codeIdentity;

export const redactSecrets: DetectorModule['redactSecrets'] = (text) => {
  keywords ??= new KeywordSet(__keywords);
  const known = keywords;
  const mayHold = known.isAnyIn(text) || encodedParts(text).some(({ decoded }) => known.isAnyIn(decoded));
  return mayHold ? detector().redactSecrets(text) : text;
};

function detector(): DetectorModule {
  return (loaded ??= loadPart<DetectorModule>('detector', {}));
}
