/**
 * `examining.ts` in the executable: the same functions, whose code is compiled at the first call that needs it, from a text that
 * the executable carries. V8's code cache is beside the text where the builder could make it; without it all works, and takes
 * longer to load.
 */
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { executablePart, optionalPart } from '../../host/platform/index.ts';
import { encodedParts } from '../detect/encoded-names.ts';
import type * as examiningModule from './detector-module.ts';
import { KeywordSet } from '../detect/keyword-set.ts';

type Examining = typeof examiningModule;

/** Put in by the bundler: the words of which every secret holds one, and another text for any other code. */
declare const __keywords: readonly string[];
declare const __codeIdentity: string;

let keywords: KeywordSet | undefined;
let loaded: Examining | undefined;

export const newFileExaminer: Examining['newFileExaminer'] = (options) =>
  examining().newFileExaminer(options);

export const openRules: Examining['openRules'] = (...of) => examining().openRules(...of);

export const customRulesOf: Examining['customRulesOf'] = (...of) => examining().customRulesOf(...of);

export const ruleDescriptions: Examining['ruleDescriptions'] = (...of) => examining().ruleDescriptions(...of);

export const codeIdentity: Examining['codeIdentity'] = () => __codeIdentity;

export const redactSecrets: Examining['redactSecrets'] = (text) => {
  keywords ??= new KeywordSet(__keywords);
  const known = keywords;
  const mayHold = known.isAnyIn(text) || encodedParts(text).some(({ decoded }) => known.isAnyIn(decoded));
  return mayHold ? examining().redactSecrets(text) : text;
};

function examining(): Examining {
  return (loaded ??= load());
}

function load(): Examining {
  const cachedData = optionalPart('examining.cache');
  const script = new Script(executablePart('examining.cjs').toString('latin1'), {
    filename: 'examining.cjs',
    ...(cachedData !== undefined && { cachedData }),
  });
  const module: { exports?: Examining } = {};
  // All that it requires is in Node itself, whatever the place.
  script.runInThisContext()(module, createRequire(process.execPath));
  if (module.exports === undefined) throw new TypeError('the text is no module');
  return module.exports;
}
