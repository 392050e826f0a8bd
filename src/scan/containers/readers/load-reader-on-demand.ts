/**
 * Replaces `load-reader.ts` in the executable: the same function, whose code is compiled for the first container, from source text
 * embedded in the executable.
 */
import { loadPart } from '../../../host/platform/index.ts';
import type * as loadReaderModule from './load-reader.ts';

type LoadReaderModule = typeof loadReaderModule;

let loaded: LoadReaderModule | undefined;

export const loadReader: LoadReaderModule['loadReader'] = async (name) =>
  await (loaded ??= loadPart<LoadReaderModule>('containers', {})).loadReader(name);
