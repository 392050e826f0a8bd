export { joinArguments, quoteArgument, splitArguments } from './arguments.ts';
export { lintJob } from './lint.ts';
export { renderJob } from './render.ts';
export { JobDocument } from './schema.ts';
