/**
 * Replaces `detector-module.ts` in the executable: the same functions, whose code is compiled on the first call
 * that needs it, from source text embedded in the executable. V8's code cache is stored next to the text if the
 * build could create it; without it everything works, but takes longer to load.
 */
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { executablePart, optionalPart } from '../../host/platform/index.ts';
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
  return (loaded ??= load());
}

function load(): DetectorModule {
  const cachedData = optionalPart('detector.cache');
  const script = new Script(executablePart('detector.cjs').toString('latin1'), {
    filename: 'detector.cjs',
    ...(cachedData !== undefined && { cachedData }),
  });
  const module: { exports?: DetectorModule } = {};
  // All modules that it requires are built into Node.
  script.runInThisContext()(module, createRequire(process.execPath));
  if (module.exports === undefined) throw new TypeError('the text is not a module');
  return module.exports;
}
